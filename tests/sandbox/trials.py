"""GRDF's test data for declaring, revoking and proving (API notes §11, last paragraph).

Where the fault lies in the body that is sent (no role, both names, another postcode …),
the PCE is an ordinary one here and the rules of a body refuse it. What no body shows
is refused by the PCE or the id. Which PCE an id belongs to is not told.
"""

from datetime import date
from typing import Final

from .clock import at
from .meters import Frequency, Meter, Site, Use
from .query import refused
from .rights import (
    ACTIVE,
    BY_THE_CUSTOMER,
    PROOF_AWAITED,
    PROOF_IN_REVIEW,
    REVOKED,
    Right,
)

_POSTCODES: Final = {"09999999900612": "13000"}
_ORDINARY: Final = (
    *(f"099999999006{number}" for number in ("09", "14", "15", "18", "19")),
    *(f"099999999006{number}" for number in ("20", "21", "22", "24")),
)
_SINCE: Final = date(2019, 1, 1)
_DECLARATIONS: Final = {
    "GI999159": ("1000000003", "Un droit d'accès existe déjà pour ce PCE.", 409),
    "GI999888": ("2000000001", "Erreur technique", 500),
    "09999999988256": (
        "1000000004",
        "Le contrat de fourniture de gaz est échu.",
        409,
    ),
    "0999999999999": ("1000000006", "Le PCE est inconnu.", 404),
}
_REVOCABLE: Final = "f13a3109-39a7-47a0-8017-3192620dee4e"
_GONE: Final = "3edbd20d-34aa-4ef2-b5f1-dadc211acfb0"
_AWAITED: Final = "90494e79-bfee-474e-888a-ea653f48cac6"
_PROVED: Final = "34ed04b3-1371-4418-93fe-0467760c{}"
_PROOFS: Final = {
    _PROVED.format(7920): ("2000000005", "La preuve dépasse 4 Mo."),
    _PROVED.format(7921): (
        "2000000002",
        "Le format de la preuve n'est pas accepté.",
    ),
}


def trial_meters() -> dict[str, Meter]:
    """Return the meters that rights can be asked for on, keyed by PCE."""
    meters = [
        Meter(
            pce=pce,
            role="case",
            phases=((_SINCE, Frequency.MONTHLY),),
            use=Use(heating=4.0, hot_water=6.0),
            site=Site(postcode=_POSTCODES.get(pce, Site().postcode)),
        )
        for pce in (*_ORDINARY, *_POSTCODES)
    ]
    return {meter.pce: meter for meter in meters}


def trial_rights() -> list[Right]:
    """Return the rights that can be revoked or proved, or not any more."""
    pces = iter(_ORDINARY)
    rights = {
        id_: Right(
            id=id_,
            pce=next(pces),
            state=REVOKED if id_ == _GONE else ACTIVE,
            holder_company="CAS DE TEST EXEMPLE",
            created=at(_SINCE, 9),
            start=_SINCE,
            end=date(2035, 12, 31),
        )
        for id_ in (_REVOCABLE, _GONE, _AWAITED, _PROVED.format(7919), *_PROOFS)
    }
    rights[_GONE].revoked = at(date(2023, 5, 2), 10)
    rights[_GONE].revocation_source = BY_THE_CUSTOMER
    rights[_AWAITED].proof_state = PROOF_AWAITED
    for id_ in (_PROVED.format(7919), *_PROOFS):
        rights[id_].proof_state = PROOF_IN_REVIEW
    return list(rights.values())


def check_declaration(pce: str) -> None:
    """Refuse a declaration, whatever it says, with a `QueryError`."""
    if (refusal := _DECLARATIONS.get(pce)) is not None:
        raise refused(*refusal)


def check_trial_proofs(right_id: str) -> None:
    """Refuse the proofs of a right, whatever they are, with a `QueryError`."""
    if (refusal := _PROOFS.get(right_id)) is not None:
        raise refused(*refusal)
