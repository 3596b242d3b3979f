"""Each HTTP status of GRDF, with a body of Okta, of GRDF, of a proxy, and none."""

from dataclasses import replace
from typing import Final

from tests.sandbox.storm import BODIES, STATUSES, status_with

from .ordeal import HEALS, HEALS_AFTER_REFUSAL, Ordeal, Seen

_AWAY: Final = Seen("grdf_away", "cannot_connect")
_REFUSED: Final = Seen("refused", "bad_request", frozenset({"gas_refused"}))


async def _every_body(ordeal: Ordeal, status: int, seen: Seen) -> None:
    """Let a status come with each body: the same is seen, nothing lost, all heals."""
    assert status in STATUSES
    is_refusal = seen.error in {"bad_request", "no_access_right"}
    for body in sorted(BODIES):
        if (status, body) == (403, "grdf"):
            # A code that nobody has listed: GRDF's words are shown.
            expected = replace(seen, repairs=frozenset({"gas_refused"}))
        else:
            expected = seen
        assert await ordeal.fails(status_with(status, body)) == expected, body
        await ordeal.heals(HEALS_AFTER_REFUSAL if is_refusal else HEALS)


async def test_a_400_is_asked_again_the_next_day(ordeal: Ordeal) -> None:
    await _every_body(ordeal, 400, _REFUSED)


async def test_a_401_asks_for_the_secret_until_grdf_takes_the_one_it_has(
    ordeal: Ordeal,
) -> None:
    await _every_body(
        ordeal, 401, Seen("secret_refused", "invalid_auth", asks_secret=True)
    )


async def test_a_403_is_a_repair_until_the_right_opens_again(ordeal: Ordeal) -> None:
    repairs = frozenset({"no_access_right"})
    await _every_body(ordeal, 403, Seen("refused", "no_access_right", repairs))


async def test_a_404_is_asked_again_the_next_day(ordeal: Ordeal) -> None:
    await _every_body(ordeal, 404, _REFUSED)


async def test_a_409_is_asked_again_the_next_day(ordeal: Ordeal) -> None:
    await _every_body(ordeal, 409, _REFUSED)


async def test_a_429_tells_of_other_software_and_waits(ordeal: Ordeal) -> None:
    repairs = frozenset({"contract_shared"})
    for body in sorted(BODIES):
        seen = await ordeal.fails(status_with(429, body))
        assert seen == Seen("quota_reached", "quota_reached", repairs), body
        # The repair stays for that day: the contract was used by somebody else.
        await ordeal.heals(HEALS, repairs)
        await ordeal.next_evening()
        await ordeal.is_whole()


async def test_a_500_is_asked_again_within_two_hours(ordeal: Ordeal) -> None:
    await _every_body(ordeal, 500, _AWAY)


async def test_a_503_is_asked_again_within_two_hours(ordeal: Ordeal) -> None:
    await _every_body(ordeal, 503, _AWAY)


async def test_a_504_is_asked_again_within_two_hours(ordeal: Ordeal) -> None:
    await _every_body(ordeal, 504, _AWAY)
