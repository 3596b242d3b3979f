"""What weather of the rights' register does to the sandbox's rights."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from tests.sandbox import Right, Sandbox
from tests.sandbox.blocks import ONE_DAY
from tests.sandbox.life import AT_ITS_END, MOVED_OUT, UNANSWERED
from tests.sandbox.rights import (
    BY_THE_CUSTOMER,
    HOLDER_SUPPLY,
    OBSOLETE,
    PROOF_REFUSED,
    REFUSED,
    REVOKED,
    TO_RECHECK,
    TO_VALIDATE,
    identity,
)
from tests.sandbox.wire import Json

from .weather import Spell

_BLANK: Final[Json] = {
    "role_tiers": HOLDER_SUPPLY,
    **dict.fromkeys(
        (
            *("perim_donnees_informatives", "perim_donnees_contractuelles"),
            *("perim_donnees_techniques", "perim_donnees_publiees"),
            *("perim_donnees_conso_debut", "perim_donnees_conso_fin"),
            *("perim_donnees_inj_debut", "perim_donnees_inj_fin"),
        ),
        "",
    ),
}
_SENTINELS: Final[Json] = {
    "date_creation": "9999-12-31 23:59:59",
    "date_debut_droit_acces": "0001-01-01",
    "date_fin_droit_acces": "9999-12-31",
    "perim_donnees_conso_debut": "0001-01-01",
    "perim_donnees_conso_fin": "9999-12-31",
}
_NARROW: Final = timedelta(days=30)


class Register:
    """Changes a meter's supply right, and makes it again what it was."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Start with what the sandbox lists."""
        self._sandbox = sandbox
        self._before: dict[str, list[Right]] = {}

    def change(self, pce: str, spell: Spell, until: date) -> None:
        """Put what a spell, that ends before a date, makes of a right in its place."""
        mine = [right for right in self._sandbox.rights if right.pce == pce]
        self._before[pce] = [replace(right) for right in mine]
        supply, *others = mine
        made = _made(spell, supply, self._sandbox.now, until)
        self._put(pce, [*made, *others])

    def restore(self, pce: str) -> None:
        """Put a meter's rights back."""
        self._put(pce, self._before.pop(pce))

    def _put(self, pce: str, mine: list[Right]) -> None:
        rights = self._sandbox.rights
        rights[:] = [*(right for right in rights if right.pce != pce), *mine]


def _made(spell: Spell, right: Right, now: datetime, until: date) -> list[Right]:
    """Return what a kind of weather makes of a right: none, one or two."""
    today = now.date()
    left = replace(
        right, state=OBSOLETE, obsolete=now, obsolete_source=MOVED_OUT, end=until
    )
    # A right that waits would be refused by itself after three days.
    refused = replace(right, state=REFUSED, refused=now, refusal_source=UNANSWERED)
    second = replace(right, id=identity(right.pce, "second"), created=now, start=today)
    made = {
        "right_missing": [],
        "right_revoked": [
            replace(
                right, state=REVOKED, revoked=now, revocation_source=BY_THE_CUSTOMER
            )
        ],
        "right_obsolete": [left],
        "right_expired": [
            replace(
                right,
                state=OBSOLETE,
                end=today - ONE_DAY,
                obsolete=now,
                obsolete_source=AT_ITS_END,
            )
        ],
        "right_waiting": [replace(refused, raw={"etat_droit_acces": TO_VALIDATE})],
        "right_refused": [refused],
        "right_recheck": [replace(right, state=TO_RECHECK, proof_state=PROOF_REFUSED)],
        "right_not_begun": [replace(right, start=until)],
        "right_no_gas": [replace(right, published=False, informative=False)],
        "new_holder": [
            left,
            replace(
                second,
                holder_name="MME CLAUDE EXEMPLE",
                holder_company="",
                mail="claude@example.com",
                consumption_from=today,
            ),
        ],
        "right_doubled": [
            right,
            replace(
                second,
                informative=False,
                contractual=False,
                consumption_from=today - _NARROW,
            ),
        ],
        "right_blank": [replace(right, raw=_BLANK)],
        "right_sentinels": [replace(right, raw=_SENTINELS)],
        "right_masculine": [replace(right, raw={"etat_droit_acces": "Actif"})],
        "right_fields": [replace(right, raw=dict(spell.fields))],
    }
    return made[spell.kind]
