"""A change of meter or of reading frequency, detected in GRDF's data."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import (
    Consumption,
    Frequency,
    Reading,
    ReadingQuality,
)
from custom_components.grdf_adict.metering.changes import (
    EventType,
    MeterEvent,
    Noticed,
    noticed_in_facts,
    noticed_in_readings,
)
from custom_components.grdf_adict.metering.facts import MeterFacts

from .factory import DAY, TODAY, later, published, six_o_clock

KNOWN = MeterFacts(frequency=Frequency.MONTHLY, serial_number="2018900001")
SINCE = six_o_clock(DAY)


def block(
    first: float | None,
    last: float | None,
    day: date = DAY,
    *,
    days: int = 1,
    reason: str | None = None,
    quality: ReadingQuality | None = ReadingQuality.MEASURED,
    zero_return: bool | None = None,
) -> Consumption:
    """Return a block between two indexes."""
    end = later(days, day)
    return replace(
        published(8, day, days=days),
        start_reading=Reading(index=first, at=six_o_clock(day), quality=quality),
        end_reading=Reading(
            index=last, at=six_o_clock(end), quality=quality, reason=reason
        ),
        zero_return=zero_return,
    )


def noticed(
    *blocks: Consumption, facts: MeterFacts = KNOWN, since: datetime | None = SINCE
) -> Noticed:
    return noticed_in_readings(facts, blocks, since)


def kinds(found: Noticed) -> list[str]:
    return [str(event.details["noticed_by"]) for event in found.events]


def test_another_frequency_is_reported_with_both() -> None:
    after = replace(KNOWN, frequency=Frequency.DAILY)

    assert noticed_in_facts(KNOWN, after, TODAY) == Noticed(
        after,
        (
            MeterEvent(
                EventType.FREQUENCY_CHANGED,
                {"previous_frequency": "monthly", "frequency": "daily"},
            ),
        ),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MeterFacts(), KNOWN),
        (KNOWN, replace(KNOWN, frequency=Frequency.UNKNOWN)),
        (KNOWN, KNOWN),
    ],
)
def test_what_was_or_is_unknown_has_not_changed(
    before: MeterFacts, after: MeterFacts
) -> None:
    assert noticed_in_facts(before, after, TODAY) == Noticed(after)


def test_another_meter_number_is_reported_by_last_characters() -> None:
    after = replace(KNOWN, serial_number="2026900777")

    found = noticed_in_facts(KNOWN, after, TODAY)

    assert found.facts.changed_on == TODAY
    assert found.events == (
        MeterEvent(
            EventType.METER_CHANGED,
            {
                "date": TODAY.isoformat(),
                "noticed_by": "serial_number",
                "previous_serial_number": "…0001",
                "serial_number": "…0777",
            },
        ),
    )


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_no_event_holds_a_whole_meter_number(before: str, after: str) -> None:
    found = noticed_in_facts(
        MeterFacts(serial_number=before), MeterFacts(serial_number=after), TODAY
    )

    for event in found.events:
        for key, whole in (
            ("previous_serial_number", before),
            ("serial_number", after),
        ):
            shown = str(event.details[key])[1:]
            assert len(shown) < len(whole)
            assert len(shown) <= 4
            assert whole.endswith(shown)


def test_a_reading_whose_reason_is_a_change_of_meter_shows_one() -> None:
    found = noticed(block(100, 130, later(1), reason="COM"))

    assert kinds(found) == ["reading"]
    assert found.facts.changed_on == later(2)


def test_an_index_that_falls_to_near_zero_shows_one() -> None:
    # The old meter's last index and the new one's first are of one instant.
    days = (block(4200, 4210, later(1)), block(0, 6, later(2)))

    assert kinds(noticed(*days)) == ["index"]
    assert kinds(noticed(*reversed(days))) == ["index"]


@pytest.mark.parametrize(
    "blocks",
    [
        [block(4200, 4210, later(1)), block(4209, 4220, later(2))],
        [block(99_990, 12, later(1))],
        [block(40_000, 12, later(1), zero_return=True)],
        [block(4200, 10, later(1), quality=ReadingQuality.ESTIMATED)],
        [block(None, 10, later(1)), block(None, 20, later(2))],
    ],
    ids=["put right", "counter's end", "zero return", "estimated", "rising"],
)
def test_an_index_that_falls_for_another_reason_shows_nothing(
    blocks: list[Consumption],
) -> None:
    assert noticed(*blocks) == Noticed(KNOWN)


def test_what_was_known_before_is_no_news() -> None:
    old = block(100, 130, later(-30), days=30, reason="COM")

    assert noticed(old) == Noticed(KNOWN)


def test_the_first_import_reports_no_change() -> None:
    changed = block(100, 130, later(1), reason="COM")

    assert noticed(changed, since=None) == Noticed(KNOWN)


@pytest.mark.parametrize(("days", "is_reported"), [(0, False), (46, False), (47, True)])
def test_signs_of_one_change_come_weeks_apart(days: int, is_reported: bool) -> None:  # noqa: FBT001
    found = noticed(block(100, 130, later(1), reason="COM"))
    renewed = replace(found.facts, serial_number="2026900777")

    again = noticed_in_facts(found.facts, renewed, later(2 + days))

    assert bool(again.events) is is_reported
    assert again.facts.serial_number == "2026900777"


def test_a_fall_over_half_a_year_is_the_change_that_its_number_showed() -> None:
    facts = replace(KNOWN, changed_on=later(60))

    assert noticed(block(4200, 12, DAY, days=180), facts=facts) == Noticed(facts)
