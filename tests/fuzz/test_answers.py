"""A few of the cases that `scripts/soak --fuzz` runs by the hundred thousand."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, settings
import pytest

from .answers import REGRESSIONS, EscapeError, Watch
from .mutations import ANSWERS, cases, lines, variants
from .wire import Callers, Reply, callers

_KEPT = sorted(REGRESSIONS.glob("*.bin"))


@pytest.fixture
def fed() -> Iterator[Callers]:
    with callers() as found:
        yield found


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_a_broken_answer_is_read_or_is_an_error_of_ours(
    fed: Callers, case: tuple[str, Reply, int]
) -> None:
    name, reply, seed = case
    watch = Watch(fed)
    for each in variants(reply, seed):
        watch.check(name, each)
    assert watch.outcomes.total() >= 1


@pytest.mark.parametrize("file", _KEPT, ids=lambda file: file.stem)
def test_what_was_once_found_stays_mended(fed: Callers, file: Path) -> None:
    name, _, _ = file.stem.partition("-")

    assert Watch(fed).check(name, Reply(file.read_bytes()))


def test_the_answers_to_be_broken_are_whole_to_begin_with(fed: Callers) -> None:
    watch = Watch(fed)
    for name, objects in ANSWERS.items():
        if name == "exchange_code":
            continue
        for each in objects:
            body = lines([each])
            watch.check(name, Reply(body))

    assert set(watch.outcomes) == {
        f"{name}: read" for name in ANSWERS if name != "exchange_code"
    }


def test_a_value_that_is_not_in_the_answer_is_an_escape(
    fed: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.grdf_adict.adict.models.contract.text", lambda _: "T9"
    )
    body = lines(ANSWERS["contract_data"])

    with pytest.raises(EscapeError, match="delivery_tariff"):
        Watch(fed).check("contract_data", Reply(body))
