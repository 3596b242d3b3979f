"""When data that have not come are late."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import Frequency
from custom_components.grdf_adict.metering.schedule.slots import late_from

NEWEST = date(2026, 11, 10)
KNOWN = st.sampled_from([each for each in Frequency if each is not Frequency.UNKNOWN])


@pytest.mark.parametrize(
    ("frequency", "informative", "expected"),
    [
        # The 11th comes on the 14th, and may be five days late.
        (Frequency.MONTHLY, True, date(2026, 11, 19)),
        (Frequency.BUSINESS_MONTHLY, True, date(2026, 11, 18)),
        (Frequency.DAILY, False, date(2026, 11, 17)),
        # What ends on the 11th is followed by a month, read and published a day on.
        (Frequency.MONTHLY, False, date(2026, 12, 27)),
        (Frequency.BUSINESS_MONTHLY, False, date(2026, 12, 16)),
        (Frequency.SIX_MONTHLY, False, date(2027, 6, 26)),
    ],
)
def test_each_frequency_has_its_delay_and_some_days_more(
    *, frequency: Frequency, informative: bool, expected: date
) -> None:
    assert late_from(frequency, NEWEST, informative=informative) == expected


def test_of_a_meter_that_is_not_known_nothing_is_late() -> None:
    assert late_from(Frequency.UNKNOWN, NEWEST, informative=True) is None


@given(
    frequency=KNOWN,
    informative=st.booleans(),
    newest=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_a_newer_day_is_never_late_sooner(
    *, frequency: Frequency, informative: bool, newest: date
) -> None:
    late = late_from(frequency, newest, informative=informative)
    later = late_from(frequency, newest + timedelta(days=1), informative=informative)

    assert late is not None
    assert later is not None
    assert newest + timedelta(days=6) < late <= later
