"""GRDF's own samples: the deck's payloads and the two recorded blocks (API notes §5).

Field names are GRDF's to the byte; people, phones and some PCE are invented.
"""

import json
from pathlib import Path
from typing import Final

from .wire import Json

_FOLDER: Final = Path(__file__).parent / "payloads"


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _object(name: str) -> Json:
    found = json.loads(_text(name))
    if not isinstance(found, dict):
        raise TypeError(name)
    return found


PUBLISHED_DECK: Final = _object("published_deck.json")
PUBLISHED_RECORDED: Final = _object("published_recorded.json")
INFORMATIVE_RECORDED: Final = _object("informative_recorded.json")
CONTRACTUAL_DECK: Final = _object("contractual_617.json")
TECHNICAL_DECK: Final = _object("technical_102.json")
DECLARATION_DECK: Final = _object("declaration_deck.json")
# Pretty-printed and touching, as the deck's page and the real sandbox show them.
ACCESS_RIGHTS_DECK: Final = _text("access_rights_deck.ndjson")

CONTRACTUAL: Final = {"09999999900617": CONTRACTUAL_DECK}
TECHNICAL: Final = {"09999999975102": TECHNICAL_DECK}
