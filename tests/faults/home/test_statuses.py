"""Each HTTP status of GRDF, with each kind of body (API notes §7)."""

from typing import Final

import pytest

from tests.sandbox.storm import BODIES, STATUSES, status_with

from .ordeal import HEALS_AFTER_REFUSAL, Ordeal, Seen

AWAY: Final = Seen("grdf_away", "cannot_connect")
REFUSED: Final = Seen("up_to_date", "bad_request")
SEEN: Final = {
    400: REFUSED,
    404: REFUSED,
    409: REFUSED,
    500: AWAY,
    503: AWAY,
    504: AWAY,
}


def test_dump_placeholder():
    pass


@pytest.mark.parametrize("status", STATUSES)
async def test_probe(ordeal: Ordeal, status: int) -> None:
    for body in sorted(BODIES):
        try:
            print("SEEN", status, body, await ordeal.fails(status_with(status, body)))
            await ordeal.heals(HEALS_AFTER_REFUSAL)
        except AssertionError as e:
            print("  FAILED", str(e)[:300])
            from .ordeal import look

            print(look(ordeal.hass, ordeal.entry))
            break
