"""Access rights, as GRDF lists and enforces them (API notes §4 and §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from .clock import at, to_paris
from .meters import FORMER, HOUSE, WAITING, Meter
from .wire import Json

ACTIVE: Final = "Active"
REVOKED: Final = "Révoquée"
TO_VALIDATE: Final = "A valider"
TO_RECHECK: Final = "A revérifier"
OBSOLETE: Final = "Obsolète"
REFUSED: Final = "Refusée"
BY_THE_CUSTOMER: Final = "TITULAIRE"
BY_THE_THIRD_PARTY: Final = "TIERS"
THIRD_PARTY: Final = "ASSOCIATION EXEMPLE"


class Perimeter(Enum):
    """A family of data that a right opens or not."""

    PUBLISHED = "published"
    INFORMATIVE = "informative"
    CONTRACTUAL = "contractual"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Refusal:
    """GRDF's code and words for data it does not give."""

    code: str
    message: str


EXPIRED: Final = Refusal("1000001", "Le droit d'accès est expiré.")
NO_RIGHT: Final = Refusal("1000002", "Vous ne disposez pas de droit d'accès sur ce PCE")
MOVED_OUT: Final = Refusal("1000000", "Le client n'est plus titulaire de ce PCE.")
NO_DATA: Final = Refusal("1000008", "Aucune donnée sur la période demandée.")
BAD_PROOF: Final = Refusal("1000011", "La preuve du consentement est invalide.")
REVOKED_BY_CUSTOMER: Final = Refusal(
    "1000014", "Le droit d'accès a été révoqué par le titulaire."
)
OUTSIDE: Final = {
    Perimeter.PUBLISHED: Refusal(
        "1000009", "Le périmètre ne comprend pas les données publiées."
    ),
    Perimeter.INFORMATIVE: Refusal(
        "1000010", "Le périmètre ne comprend pas les données informatives."
    ),
    # The notes give no code of their own for these two.
    Perimeter.CONTRACTUAL: Refusal(
        "1000002", "Le périmètre ne comprend pas les données contractuelles."
    ),
    Perimeter.TECHNICAL: Refusal(
        "1000002", "Le périmètre ne comprend pas les données techniques."
    ),
}


@dataclass(slots=True, kw_only=True)
class Right:
    """One access right; tests change its fields at will. `state` is GRDF's word."""

    id: str
    pce: str
    state: str = ACTIVE
    role: str = "AUTORISE_CONTRAT_FOURNITURE"
    third_party: str = THIRD_PARTY
    holder_name: str = ""
    holder_company: str = ""
    mail: str = "titulaire@example.com"
    postcode: str = "99000"
    mobile: str | None = None
    informative: bool = True
    contractual: bool = True
    technical: bool = True
    published: bool = True
    consumption_from: date | None = None
    consumption_to: date | None = None
    injection_from: date | None = None
    injection_to: date | None = None
    created: datetime
    start: date
    end: date
    revoked: datetime | None = None
    revocation_source: str | None = None
    obsolete: datetime | None = None
    obsolete_source: str | None = None
    authorisation_end: datetime | None = None
    refused: datetime | None = None
    refusal_source: str | None = None
    journey: str = "TIERS_DIRECT"
    proof_state: str | None = None
    proof_deadline: date | None = None

    def refusal(self, perimeter: Perimeter, today: date) -> Refusal | None:
        """Return why this right gives no data of a family; None where it does."""
        last = self.end
        if self.authorisation_end is not None:
            last = min(last, self.authorisation_end.date())
        states = {
            REVOKED: (
                REVOKED_BY_CUSTOMER
                if self.revocation_source == BY_THE_CUSTOMER
                else NO_RIGHT
            ),
            TO_RECHECK: BAD_PROOF,
            OBSOLETE: EXPIRED if last < today else MOVED_OUT,
        }
        if self.state != ACTIVE:
            return states.get(self.state, NO_RIGHT)
        if last < today:
            return EXPIRED
        if self.start > today or self.role.endswith("INJECTION"):
            return NO_RIGHT
        if self.proof_state == "Preuve Vérifiée KO":
            return BAD_PROOF
        return None if getattr(self, perimeter.value) else OUTSIDE[perimeter]

    def covers(self, start: date, end: date) -> bool:
        """Whether gas days from a date to before another lie in the perimeter."""
        return (self.consumption_from or date.min) <= start and end.toordinal() <= (
            self.consumption_to or date.max
        ).toordinal() + 1

    def wire(self) -> Json:
        """Return the object that GRDF lists."""
        return {
            "id_droit_acces": self.id,
            "id_pce": self.pce,
            "role_tiers": self.role,
            "raison_sociale_du_tiers": self.third_party,
            "nom_titulaire": self.holder_name,
            "raison_sociale_du_titulaire": self.holder_company,
            "courriel_titulaire": self.mail,
            "code_postal": self.postcode,
            "numero_telephone_mobile_titulaire": self.mobile,
            "perim_donnees_informatives": _flag(self.informative),
            "perim_donnees_contractuelles": _flag(self.contractual),
            "perim_donnees_techniques": _flag(self.technical),
            "perim_donnees_publiees": _flag(self.published),
            "perim_donnees_conso_debut": _date(self.consumption_from),
            "perim_donnees_conso_fin": _date(self.consumption_to),
            "perim_donnees_inj_debut": _date(self.injection_from),
            "perim_donnees_inj_fin": _date(self.injection_to),
            "date_creation": _moment(self.created),
            "date_debut_droit_acces": _date(self.start),
            "date_fin_droit_acces": _date(self.end),
            "etat_droit_acces": self.state,
            "date_revocation": _moment(self.revoked),
            "source_revocation": self.revocation_source,
            "date_passage_a_obsolete": _moment(self.obsolete),
            "source_passage_a_obsolete": self.obsolete_source,
            "date_fin_autorisation": _moment(self.authorisation_end),
            "date_passage_a_refuse": _moment(self.refused),
            "source_passage_a_refuse": self.refusal_source,
            "parcours": self.journey,
            "statut_controle_preuve": self.proof_state,
            "date_limite_transmission_preuve": _date(self.proof_deadline),
        }


def deciding(rights: Iterable[Right], pce: str) -> Right | None:
    """Return the right that decides for a PCE: an active one, else the newest."""
    mine = [right for right in rights if right.pce == pce]
    return max(
        mine, key=lambda right: (right.state == ACTIVE, right.created), default=None
    )


def right_for(meter: Meter, today: date) -> Right:
    """Return a wide, active right on a meter around a date."""
    return Right(
        id=_identity(meter.pce, "active"),
        pce=meter.pce,
        holder_name=meter.site.holder_name,
        holder_company=meter.site.holder_company,
        mail=meter.site.mail,
        postcode=meter.site.postcode,
        created=at(date(today.year - 1, 1, 1), 9),
        start=date(today.year - 1, 1, 1),
        end=date(today.year + 3, 12, 31),
        consumption_from=date(today.year - 6, 1, 1),
        consumption_to=date(today.year + 3, 12, 31),
    )


def opening_rights(meters: Iterable[Meter], today: date) -> list[Right]:
    """Return the rights a sandbox starts with; not all of them are active."""
    rights = {meter.pce: right_for(meter, today) for meter in meters}
    last_year = today.year - 1
    waiting, former = rights[WAITING], rights[FORMER]
    waiting.state = TO_VALIDATE
    waiting.created = at(today, 8)
    former.state = OBSOLETE
    former.start = date(last_year - 2, 1, 1)
    former.created = at(former.start, 9)
    former.end = former.consumption_to = date(last_year, 6, 30)
    former.obsolete = at(date(last_year, 7, 1), 0)
    former.obsolete_source = "La date de fin du droit d'accès est atteinte"
    house = rights[HOUSE]
    older = Right(
        id=_identity(HOUSE, "revoked"),
        pce=HOUSE,
        state=REVOKED,
        holder_name=house.holder_name,
        mail=house.mail,
        created=at(date(last_year - 2, 3, 4), 16),
        start=date(last_year - 2, 3, 4),
        end=date(last_year + 1, 3, 3),
        consumption_from=date(last_year - 3, 1, 1),
        consumption_to=date(last_year + 1, 3, 3),
        revoked=at(date(last_year - 1, 12, 31), 18),
        revocation_source=BY_THE_CUSTOMER,
    )
    return [older, *rights.values()]


def _identity(pce: str, state: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://sandbox.example.com/{pce}/{state}"))


def _flag(value: bool) -> str:  # noqa: FBT001 - a formatter of flags
    return "Vrai" if value else "Faux"


def _date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(value: datetime | None) -> str | None:
    return None if value is None else f"{to_paris(value):%Y-%m-%d %H:%M:%S}"
