"""Access rights: which data of a PCE a customer grants, and until when."""

from dataclasses import dataclass, field
from datetime import date, datetime

from ..free_text import label
from .wire import JsonObject, WireEnum, day, flag, moment, pce, text


class Role(WireEnum):
    """What the holder of the contract is to the customer."""

    SUPPLY_AUTHORISED = "supply_authorised", "AUTORISE_CONTRAT_FOURNITURE"
    SUPPLY_HOLDER = "supply_holder", "DETENTEUR_CONTRAT_FOURNITURE"
    INJECTION_AUTHORISED = "injection_authorised", "AUTORISE_CONTRAT_INJECTION"
    INJECTION_HOLDER = "injection_holder", "DETENTEUR_CONTRAT_INJECTION"
    UNKNOWN = "unknown"

    @property
    def is_injection(self) -> bool:
        """Whether the right is to what a producer injects."""
        return self in {Role.INJECTION_AUTHORISED, Role.INJECTION_HOLDER}

    @property
    def is_holder(self) -> bool:
        """Whether the holder of the ADICT contract is the customer too."""
        return self in {Role.SUPPLY_HOLDER, Role.INJECTION_HOLDER}


class AccessRightState(WireEnum):
    """The state of a right."""

    ACTIVE = "active", "Active", "Actif"
    TO_VALIDATE = "to_validate", "A valider"
    REVOKED = "revoked", "Révoquée", "Révoqué"
    TO_RECHECK = "to_recheck", "A revérifier"
    OBSOLETE = "obsolete", "Obsolète"
    REFUSED = "refused", "Refusée", "Refusé"
    UNKNOWN = "unknown"


class Journey(WireEnum):
    """Who gathered the customer's consent."""

    DIRECT = "direct", "TIERS_DIRECT"
    CLIENT_CONNECT = "client_connect", "CLIENT_CONNECT"
    UNKNOWN = "unknown"


class ProofState(WireEnum):
    """The state of GRDF's control of the consent."""

    AWAITED = "awaited", "Preuve en attente"
    UNDER_REVIEW = (
        "under_review",
        "Preuve en cours de vérification",
        "Preuve à vérifier",
    )
    ACCEPTED = "accepted", "Preuve Vérifiée OK"
    REFUSED = "refused", "Preuve Vérifiée KO"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRight:
    """A right, as GRDF lists it; several may exist for one PCE.

    Dates are whole French days, the last one included; times are aware (GRDF writes
    Paris time). Personal fields stay out of `repr`. Data stop at the earliest of `end`,
    `authorisation_end` and the perimeter's end. A family of data is None where GRDF
    leaves it blank, which is not a no: only an answer shows it (API notes §4).
    """

    id: str = ""
    pce: str = field(repr=False)
    role: Role = Role.UNKNOWN
    state: AccessRightState = AccessRightState.UNKNOWN
    raw_state: str = ""
    third_party_company: str | None = None
    holder_name: str | None = field(default=None, repr=False)
    holder_company: str | None = field(default=None, repr=False)
    mail: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)
    start: date | None = None
    end: date | None = None
    authorisation_end: date | None = None
    consumption_from: date | None = None
    consumption_to: date | None = None
    injection_from: date | None = None
    injection_to: date | None = None
    informative: bool | None = None
    published: bool | None = None
    contractual: bool | None = None
    technical: bool | None = None
    created: datetime | None = None
    revoked: datetime | None = None
    revoked_by: str | None = None
    obsolete: datetime | None = None
    obsolete_by: str | None = None
    refused: datetime | None = None
    refused_by: str | None = None
    journey: Journey | None = None
    proof_state: ProofState | None = None
    proof_deadline: date | None = None


def read_access_right(wire: JsonObject) -> AccessRight:
    """Return the right that GRDF describes.

    Raises:
        ImpossibleValueError: it names no PCE.
    """
    get = wire.get
    return AccessRight(
        id=text(get("id_droit_acces")) or "",
        pce=pce(get("id_pce")),
        role=Role.read(get("role_tiers")),
        state=AccessRightState.read(get("etat_droit_acces")),
        raw_state=label(text(get("etat_droit_acces"))) or "",
        third_party_company=text(get("raison_sociale_du_tiers")),
        holder_name=text(get("nom_titulaire")),
        holder_company=text(get("raison_sociale_du_titulaire")),
        mail=text(get("courriel_titulaire")),
        postcode=text(get("code_postal")),
        mobile=text(get("numero_telephone_mobile_titulaire")),
        start=day(get("date_debut_droit_acces")),
        end=day(get("date_fin_droit_acces")),
        authorisation_end=day(get("date_fin_autorisation")),
        consumption_from=day(get("perim_donnees_conso_debut")),
        consumption_to=day(get("perim_donnees_conso_fin")),
        injection_from=day(get("perim_donnees_inj_debut")),
        injection_to=day(get("perim_donnees_inj_fin")),
        informative=flag(get("perim_donnees_informatives")),
        published=flag(get("perim_donnees_publiees")),
        contractual=flag(get("perim_donnees_contractuelles")),
        technical=flag(get("perim_donnees_techniques")),
        created=moment(get("date_creation"))
        or moment(get("date_creation_droit_acces")),
        revoked=moment(get("date_revocation")),
        revoked_by=text(get("source_revocation")),
        obsolete=moment(get("date_passage_a_obsolete")),
        obsolete_by=text(get("source_passage_a_obsolete")),
        refused=moment(get("date_passage_a_refuse")),
        refused_by=text(get("source_passage_a_refuse")),
        journey=Journey.read_optional(get("parcours")),
        proof_state=ProofState.read_optional(get("statut_controle_preuve")),
        proof_deadline=day(get("date_limite_transmission_preuve")),
    )
