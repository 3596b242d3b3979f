"""The calls of a whole portfolio stay within what GRDF allows."""

from datetime import timedelta

import pytest

from custom_components.grdf_adict.adict import Allowance

from .__main__ import Plan, findings, report
from .contract import Portfolio
from .tally import Tally


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Five thousand meters for ten days."""
    return Portfolio(meters=5_000, days=10, seed=1).run()


def test_no_day_has_more_calls_than_the_allowance(tally: Tally) -> None:
    assert 5_000 < tally.most_calls_a_day <= 6_000


def test_no_two_calls_start_within_a_second(tally: Tally) -> None:
    assert tally.too_fast == 0


def test_a_meter_costs_no_more_than_a_call_and_a_bit_a_day(tally: Tally) -> None:
    assert 1 < tally.calls_a_meter_and_day <= 1.15


def test_gas_days_are_held_by_the_evening_on_which_they_came(tally: Tally) -> None:
    assert tally.in_time > 49_000
    assert tally.held_by_the_evening >= 0.999


def test_published_months_come_in_within_two_days_on_average(tally: Tally) -> None:
    assert tally.published > 1_000
    assert tally.publications_waited.total_seconds() < tally.published * 2 * 86_400


def test_a_portfolio_beyond_its_calls_is_told_of_and_starves_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "tests.portfolio.contract.allowance_for",
        lambda meters: Allowance(calls_per_second=1, calls_per_day=meters * 7 // 10),
    )

    tally = Portfolio(meters=100, days=10, seed=1).run()

    found = findings(
        Plan(100, 10, by_the_evening=0.999, by_the_next_evening=0.999), tally
    )
    assert found == ["days that came in too late"]
    assert tally.most_calls_a_day == 70
    assert tally.longest_silence < timedelta(days=3)
    assert "70 of 70" in report(tally)
