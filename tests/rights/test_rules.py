"""The README's table of states is that of the code."""

import json
from pathlib import Path
from typing import Final

import pytest

from custom_components.grdf_adict.const import Issue
from custom_components.grdf_adict.rights.rules import (
    CODES,
    STATES,
    Asking,
    Scope,
    Standing,
    When,
)

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
ENGLISH: Final = json.loads(
    (ROOT / "custom_components/grdf_adict/translations/en.json").read_text("utf-8")
)

WORDS: Final = {
    Standing.NONE: "no right is listed",
    Standing.WAITING: "`A valider`",
    Standing.NOT_BEGUN: "`Active`, before its first day",
    Standing.ACTIVE: "`Active`",
    Standing.TO_RECHECK: "`A revérifier`",
    Standing.UNKNOWN: "any other word",
    Standing.PERIMETER_ENDED: "any of these three, past the end of its perimeter",
    Standing.ENDED: "any of these three or `Obsolète`, past the end of the right or "
    "of the authorisation",
    Standing.REVOKED: "`Révoquée`",
    Standing.OBSOLETE: "`Obsolète`, before any of its ends",
    Standing.REFUSED: "`Refusée`",
}
ASKED: Final = {
    Asking.AS_DUE: "as they come in",
    Asking.PROBE: "once a day at least, and as they come in while GRDF answers",
    Asking.LATE_DAYS: "days of the perimeter, for 62 days more",
    Asking.NOTHING: "no",
}
WHEN: Final = {
    When.ALWAYS: "",
    When.NEAR_ITS_END: ", in its last 30 days",
    When.UNANSWERED: ", on the second day, if a person",
}
PUT_OFF: Final = {
    Scope.METER: "all calls of the meter, a day",
    Scope.GAS: "all calls of the meter, a day; only itself if it asked for contract "
    "or technical data",
    Scope.CALL: "this call, a day",
    Scope.HOUR: "this call, an hour",
    Scope.SOON: (
        "nothing; again within a minute, twice, then after 1, 4, 16 hours, then daily"
    ),
    Scope.NOTHING: "nothing; it is an answer",
}


def _title(repair: Issue | None) -> str:
    if repair is None:
        return "none"
    title: str = ENGLISH["issues"][repair]["title"]
    return f"*{title.replace('{meter}', '…').replace('{account}', '…')}*"


def _state(standing: Standing) -> str:
    shown = ENGLISH["entity"]["sensor"]["access_right"]["state"][standing.shown]
    row = STATES[standing]
    repair = _title(row.repair) + WHEN[row.when]
    return f"| {WORDS[standing]} | {shown} | {ASKED[row.asking]} | {repair} |"


def _code(code: str) -> str:
    row = CODES[code]
    return f"| {code} | {PUT_OFF[row.scope]} | {_title(row.repair)} |"


@pytest.mark.parametrize("standing", Standing)
def test_the_readme_has_the_row_of_a_state(standing: Standing) -> None:
    assert _state(standing) in README


@pytest.mark.parametrize("code", CODES)
def test_the_readme_has_the_row_of_a_code(code: str) -> None:
    assert _code(code) in README


def test_every_state_has_a_row() -> None:
    assert STATES.keys() == set(Standing)
