"""Whether GRDF can be asked: who is held up, until when, and who is not."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from custom_components.grdf_adict.adict import (
    AdictAccessRightError,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
)
from custom_components.grdf_adict.contract.reachability import LIST, Reachability

NOW: Final = datetime(2028, 1, 10, 9, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
A, B, C, D = "099999999000001", "099999999000002", "099999999000003", "099999999000004"


def _503() -> AdictError:
    return AdictUnavailableError("503", status=503)


def _429() -> AdictError:
    return AdictQuotaError("429", status=429)


def _fail(
    reach: Reachability,
    *who: str,
    error: AdictError | None = None,
    at: datetime = NOW,
    meters: int = 4,
) -> Reachability:
    for each in who:
        reach = reach.failed(each, error or _503(), at, meters=meters)
    return reach


def _held_up(reach: Reachability, at: datetime) -> set[str]:
    return {who for who in (A, B, C, D, LIST) if reach.holds_up(who, at)}


def test_one_meter_that_fails_holds_nobody_up() -> None:
    reach = _fail(Reachability(), A, A, A)

    assert reach.trouble is None
    assert _held_up(reach, NOW) == set()


def test_two_meters_that_fail_together_have_the_list_of_rights_read_first() -> None:
    reach = _fail(Reachability(), A, B)

    assert reach.is_checking
    assert reach.trouble is None
    assert _held_up(reach, NOW) == {A, B, C, D}


def test_a_third_that_fails_meanwhile_changes_nothing() -> None:
    assert _fail(Reachability(), A, B, C).trouble is None


def test_a_list_that_is_never_read_holds_the_others_up_for_ten_minutes() -> None:
    reach = _fail(Reachability(), A, B)

    assert C in _held_up(reach, NOW + 9 * MINUTE)
    assert C not in _held_up(reach, NOW + 10 * MINUTE)


def test_grdf_is_away_where_the_list_fails_too() -> None:
    reach = _fail(Reachability(), A, B, LIST)

    assert reach.trouble is not None
    assert _held_up(reach, NOW + 59 * MINUTE) == {A, B, C, D, LIST}


def test_what_has_not_failed_is_asked_first_and_the_others_wait_for_it() -> None:
    reach = _fail(Reachability(), A, B, LIST)

    assert _held_up(reach, NOW + HOUR) == {A, B, LIST}
    assert _held_up(reach.probing(NOW + HOUR), NOW + HOUR) == {A, B, C, D, LIST}
    assert _held_up(reach, NOW + HOUR + 10 * MINUTE) == set()


def test_a_probe_that_fails_holds_all_up_for_another_hour() -> None:
    reach = _fail(Reachability(), A, B, LIST).probing(NOW + HOUR)
    reach = _fail(reach, C, at=NOW + HOUR)

    assert _held_up(reach, NOW + HOUR + 59 * MINUTE) == {A, B, C, D, LIST}


def test_an_answer_ends_it_for_all() -> None:
    reach = _fail(Reachability(), A, B, LIST).answered(C, NOW + HOUR)

    assert reach.trouble is None
    assert _held_up(reach, NOW + HOUR) == set()


def test_meters_that_fail_while_grdf_answers_are_no_sign_however_often() -> None:
    reach = _fail(Reachability(), A, B).answered(LIST, NOW)
    reach = _fail(reach, A, B, A, B, at=NOW + 3 * HOUR)

    assert not reach.is_checking
    assert _held_up(reach, NOW + 3 * HOUR) == set()
    assert _fail(reach, C, D, at=NOW + 3 * HOUR).is_checking


def test_one_that_has_answered_since_is_a_sign_again() -> None:
    reach = _fail(Reachability(), A, B).answered(LIST, NOW)
    reach = reach.answered(A, NOW + HOUR).answered(B, NOW + HOUR)

    assert _fail(reach, A, B, at=NOW + 2 * HOUR).is_checking


def test_the_list_is_not_read_twice_within_an_hour_to_see_whether_it_answers() -> None:
    reach = _fail(Reachability(), A, B).answered(LIST, NOW)

    assert not _fail(reach, C, D, at=NOW + 59 * MINUTE).is_checking
    assert _fail(reach, C, D, at=NOW + HOUR).is_checking


def test_its_daily_reading_is_no_sign_of_what_comes_after() -> None:
    assert _fail(Reachability().answered(LIST, NOW), A, B).is_checking


def test_a_list_that_is_refused_says_no_more_than_that_grdf_answers() -> None:
    refused = AdictAccessRightError("refused", status=403)
    reach = _fail(_fail(Reachability(), A, B), LIST, error=refused)

    assert not reach.is_checking
    assert _held_up(reach, NOW) == set()


def test_a_probe_that_is_refused_lets_the_next_be_made_at_once() -> None:
    refused = AdictAccessRightError("refused", status=403)
    reach = _fail(Reachability(), A, B, LIST).probing(NOW + HOUR)
    reach = _fail(reach, C, error=refused, at=NOW + HOUR)

    assert reach.trouble is not None
    assert {A, B, LIST} & _held_up(reach, NOW + HOUR) == set()


def test_two_that_fail_a_quarter_of_an_hour_apart_have_nothing_in_common() -> None:
    reach = _fail(Reachability(), A)

    assert not _fail(reach, B, at=NOW + 15 * MINUTE).is_checking
    assert _fail(reach, B, at=NOW + 14 * MINUTE).is_checking


def test_a_list_that_fails_alone_is_no_sign_and_cannot_be_asked_for_one() -> None:
    reach = _fail(Reachability(), LIST)
    assert reach.trouble is not None

    reach = reach.answered(A, NOW + HOUR)
    assert _held_up(_fail(reach, LIST, at=NOW + HOUR), NOW + HOUR) == set()
    assert _fail(reach, B, C, at=NOW + HOUR).trouble is not None


def test_a_list_that_fails_again_lets_a_meter_be_asked_at_once() -> None:
    reach = _fail(Reachability(), LIST).probing(NOW + HOUR)
    reach = _fail(reach, LIST, at=NOW + HOUR)

    assert _held_up(reach, NOW + HOUR) == {LIST}


@pytest.mark.parametrize("who", [A, LIST])
@pytest.mark.parametrize(
    "error", [AdictAuthenticationError("refused", status=401), AdictQuotaError("own")]
)
def test_what_concerns_all_holds_all_up_at_once(who: str, error: AdictError) -> None:
    reach = _fail(Reachability(), who, error=error)

    assert reach.trouble is error
    assert _held_up(reach, NOW + 59 * MINUTE) == {A, B, C, D, LIST}
    assert _held_up(reach, NOW + HOUR) == set()


def test_a_429_concerns_the_contract_from_the_second_meter_on() -> None:
    reach = _fail(Reachability(), A, error=_429())
    assert reach.trouble is None

    assert _fail(reach, B, error=_429()).trouble is not None


def test_a_429_to_the_only_meter_concerns_the_contract_each_time() -> None:
    reach = _fail(Reachability(), A, error=_429(), meters=1)
    assert reach.trouble is not None

    reach = reach.answered(LIST, NOW + HOUR)
    assert _fail(reach, A, error=_429(), at=NOW + HOUR, meters=1).trouble is not None


@pytest.mark.parametrize(
    "error", [AdictAccessRightError("refused", status=403), AdictBadAnswerError("html")]
)
def test_a_refusal_in_between_is_an_answer(error: AdictError) -> None:
    reach = _fail(_fail(Reachability(), A), B, error=error)

    assert not _fail(reach, C).is_checking


def test_an_outage_that_was_seen_while_the_clock_was_ahead_holds_nobody_up() -> None:
    reach = _fail(Reachability(), A, B, LIST, at=NOW + timedelta(days=400))

    assert _held_up(reach, NOW) == set()
