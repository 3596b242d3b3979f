"""What GRDF sends of a meter's gas days, as bytes; from the sandbox's invented life."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
import json
from typing import Final

from tests.sandbox import HOUSE, INDUSTRY, Block, Sandbox
from tests.sandbox.clock import PARIS
from tests.sandbox.wire import Json, consumption

NOW: Final = datetime(2026, 11, 20, 16, tzinfo=PARIS)
TODAY: Final = NOW.date()
THREE_YEARS: Final = 1_096
FIVE_YEARS: Final = 1_826
CHUNK: Final = 65_536
"""As the transport reads them."""


def informative(seed: int, days: int, now: datetime = NOW) -> bytes:
    """Return the newest informative days of a 1M meter, a line each."""
    blocks = Sandbox(seed, now).informative(HOUSE)[-days:]
    return _lines(HOUSE, blocks, "2023-11-20")


def published_daily(seed: int, days: int) -> bytes:
    """Return the newest published days of a JJ meter, a line each."""
    blocks = Sandbox(seed, NOW).published(INDUSTRY)[-days:]
    return _lines(INDUSTRY, blocks, "2021-11-20")


def chunks(data: bytes, size: int = CHUNK) -> Iterator[bytes]:
    """Cut bytes as they may arrive."""
    return (data[at : at + size] for at in range(0, len(data), size))


def one_object(size: int) -> bytes:
    """Return one well-formed object of about that many bytes, like a block's."""
    element = {"valeur_index": 8508, "horodate_Index": "2026-11-18T06:00:00+01:00"}
    count = size // (len(json.dumps(element)) + 2)
    return json.dumps({"consommation": {"releves": [element] * count}}).encode()


def _lines(pce: str, blocks: Sequence[Block], since: str) -> bytes:
    period: Json = {
        "valeur": None,
        "date_debut": since,
        "date_fin": date.isoformat(TODAY),
    }
    return b"".join(
        f"{json.dumps(consumption(pce, period, block), ensure_ascii=False)}\n".encode()
        for block in blocks
    )
