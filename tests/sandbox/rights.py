"""Access rights, as GRDF lists and enforces them (API notes §4 and §7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from .clock import to_paris
from .meters import Flow
from .wire import Json

ACTIVE: Final = "Active"
REVOKED: Final = "Révoquée"
TO_VALIDATE: Final = "A valider"
TO_RECHECK: Final = "A revérifier"
OBSOLETE: Final = "Obsolète"
REFUSED: Final = "Refusée"
# The states of a right that lives on: it opens data, or may come to.
LIVING: Final = frozenset({ACTIVE, TO_VALIDATE, TO_RECHECK})
PROOF_AWAITED: Final = "Preuve en attente"
PROOF_IN_REVIEW: Final = "Preuve en cours de vérification"
PROOF_ACCEPTED: Final = "Preuve Vérifiée OK"
PROOF_REFUSED: Final = "Preuve Vérifiée KO"
AUTHORISED_SUPPLY: Final = "AUTORISE_CONTRAT_FOURNITURE"
HOLDER_SUPPLY: Final = "DETENTEUR_CONTRAT_FOURNITURE"
AUTHORISED_INJECTION: Final = "AUTORISE_CONTRAT_INJECTION"
HOLDER_INJECTION: Final = "DETENTEUR_CONTRAT_INJECTION"
FLOW_OF_ROLE: Final = {
    AUTHORISED_SUPPLY: Flow.CONSUMPTION,
    HOLDER_SUPPLY: Flow.CONSUMPTION,
    AUTHORISED_INJECTION: Flow.INJECTION,
    HOLDER_INJECTION: Flow.INJECTION,
}
TIERS_DIRECT: Final = "TIERS_DIRECT"
CLIENT_CONNECT: Final = "CLIENT_CONNECT"
BY_THE_CUSTOMER: Final = "TITULAIRE"
BY_THE_THIRD_PARTY: Final = "TIERS"
THIRD_PARTY: Final = "ASSOCIATION EXEMPLE"


class Perimeter(Enum):
    """A family of data that a right opens or not."""

    PUBLISHED = "published"
    INFORMATIVE = "informative"
    CONTRACTUAL = "contractual"
    TECHNICAL = "technical"
    INJECTION = "injection"

    @property
    def flow(self) -> Flow | None:
        """Return the way of the gas it tells of; None where it tells of none."""
        if self in {Perimeter.PUBLISHED, Perimeter.INFORMATIVE}:
            return Flow.CONSUMPTION
        return Flow.INJECTION if self is Perimeter.INJECTION else None


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
    Perimeter.INJECTION: Refusal(
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


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that shows a consent."""

    name: str
    content: bytes = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Right:
    """One access right; tests change its fields at will. `state` is GRDF's word.

    `raw` overwrites fields of the object that GRDF lists.
    """

    id: str
    pce: str
    state: str = ACTIVE
    role: str = AUTHORISED_SUPPLY
    third_party: str = THIRD_PARTY
    holder_name: str = ""
    holder_company: str = ""
    mail: str = "titulaire@example.com"
    postcode: str = "98999"
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
    journey: str = TIERS_DIRECT
    proof_state: str | None = None
    proof_deadline: date | None = None
    proofs: list[Proof] = field(default_factory=list)
    raw: Json = field(default_factory=dict)

    @property
    def flow(self) -> Flow:
        """The way of the gas that the role opens."""
        return FLOW_OF_ROLE.get(self.role, Flow.CONSUMPTION)

    @property
    def is_of_entity(self) -> bool:
        """Whether the customer is a legal entity, not a natural person."""
        return bool(self.holder_company)

    @property
    def last_day(self) -> date:
        """The last day on which it may open anything."""
        if self.authorisation_end is None:
            return self.end
        return min(self.end, self.authorisation_end.date())

    def serves(self, family: Perimeter) -> bool:
        """Whether the role goes with a family; contract and meter go with any."""
        return family.flow in {None, self.flow}

    def refusal(self, perimeter: Perimeter, today: date) -> Refusal | None:
        """Return why this right gives no data of a family; None where it does."""
        last = self.last_day
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
        if self.start > today or not self.serves(perimeter):
            return NO_RIGHT
        if self.proof_state == PROOF_REFUSED:
            return BAD_PROOF
        return None if self.opens(perimeter) else OUTSIDE[perimeter]

    def opens(self, family: Perimeter) -> bool:
        """Whether the perimeter names a family; injections are published data."""
        if family is Perimeter.INJECTION:
            family = Perimeter.PUBLISHED
        return bool(getattr(self, family.value))

    def covers(self, start: date, end: date) -> bool:
        """Whether gas days from a date to before another lie in the perimeter."""
        if self.flow is Flow.INJECTION:
            first, last = self.injection_from, self.injection_to
        else:
            first, last = self.consumption_from, self.consumption_to
        return (first or date.min) <= start and end.toordinal() <= (
            last or date.max
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
            "perim_donnees_informatives": wire_flag(self.informative),
            "perim_donnees_contractuelles": wire_flag(self.contractual),
            "perim_donnees_techniques": wire_flag(self.technical),
            "perim_donnees_publiees": wire_flag(self.published),
            "perim_donnees_conso_debut": wire_date(self.consumption_from),
            "perim_donnees_conso_fin": wire_date(self.consumption_to),
            "perim_donnees_inj_debut": wire_date(self.injection_from),
            "perim_donnees_inj_fin": wire_date(self.injection_to),
            "date_creation": wire_moment(self.created),
            "date_debut_droit_acces": wire_date(self.start),
            "date_fin_droit_acces": wire_date(self.end),
            "etat_droit_acces": self.state,
            "date_revocation": wire_moment(self.revoked),
            "source_revocation": self.revocation_source,
            "date_passage_a_obsolete": wire_moment(self.obsolete),
            "source_passage_a_obsolete": self.obsolete_source,
            "date_fin_autorisation": wire_moment(self.authorisation_end),
            "date_passage_a_refuse": wire_moment(self.refused),
            "source_passage_a_refuse": self.refusal_source,
            "parcours": self.journey,
            "statut_controle_preuve": self.proof_state,
            "date_limite_transmission_preuve": wire_date(self.proof_deadline),
            **self.raw,
        }


def deciding(
    rights: Iterable[Right], pce: str, family: Perimeter | None, today: date
) -> Right | None:
    """Return the right that decides for a PCE: an active one, else the newest.

    Of the roles that go with a family, one that gives it if any does; without a family,
    of supply if there is any.
    """
    mine = [right for right in rights if right.pce == pce]
    fitting = [right for right in mine if right.serves(family or Perimeter.PUBLISHED)]
    return max(
        mine if family is None and not fitting else fitting,
        key=lambda right: (
            family is not None and right.refusal(family, today) is None,
            right.state == ACTIVE,
            right.created,
        ),
        default=None,
    )


def identity(pce: str, word: str) -> str:
    """Return the UUID that a right on a PCE always has."""
    return str(uuid5(NAMESPACE_URL, f"https://sandbox.example.com/{pce}/{word}"))


def wire_flag(value: bool) -> str:  # noqa: FBT001 - a formatter of flags
    """Return a flag as GRDF writes it."""
    return "Vrai" if value else "Faux"


def wire_date(value: date | None) -> str | None:
    """Return a date as GRDF writes it."""
    return None if value is None else value.isoformat()


def wire_moment(value: datetime | None) -> str | None:
    """Return a moment as GRDF writes it: Paris time without a zone."""
    return None if value is None else f"{to_paris(value):%Y-%m-%d %H:%M:%S}"
