"""The body of a declaration and its rules (API notes §4 and §7)."""

from collections.abc import Mapping
from datetime import date, datetime
import re
from typing import Final

from .meters import Flow, Meter
from .query import bad_request, refused, treatment
from .rights import (
    ACTIVE,
    FLOW_OF_ROLE,
    Right,
    wire_date,
    wire_flag,
    wire_moment,
)
from .wire import Json

_MAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_POSTCODE: Final = re.compile(r"\d{5}", re.ASCII)
_FLAGS: Final = {"Vrai": True, "Faux": False}
_PERIMETER_DATES: Final = {
    Flow.CONSUMPTION: ("perim_donnees_conso_debut", "perim_donnees_conso_fin"),
    Flow.INJECTION: ("perim_donnees_inj_debut", "perim_donnees_inj_fin"),
}
_FAMILIES: Final = (
    "perim_donnees_publiees",
    "perim_donnees_informatives",
    "perim_donnees_contractuelles",
    "perim_donnees_techniques",
)
_CONFLICT: Final = 409


def read_declaration(body: object, meter: Meter, now: datetime) -> Right:
    """Return the right that a body asks for; QueryError where it breaks a rule."""
    if not isinstance(body, dict):
        raise bad_request("un objet JSON est attendu")
    role = _role(body)
    name, company = _who(body)
    postcode = _postcode(body)
    mail = _mail(body)
    start, end = (
        _day(body, "date_debut_droit_acces"),
        _day(body, "date_fin_droit_acces"),
    )
    if start is None or end is None:
        raise bad_request("les dates de début et de fin du droit sont obligatoires")
    if start > end:
        raise bad_request("la date de début du droit suit sa date de fin")
    flow = FLOW_OF_ROLE[role]
    first, last = _perimeter(body, flow)
    if not any(_flag(body, name) for name in _FAMILIES):
        raise _outside("aucune donnée n'est demandée")
    if postcode != meter.site.postcode:
        message = "Le code postal ne correspond pas à celui du PCE."
        raise refused("1000000005", message, _CONFLICT)
    consumed = flow is Flow.CONSUMPTION
    return Right(
        id="",
        pce=meter.pce,
        role=role,
        holder_name=name,
        holder_company=company,
        mail=mail,
        postcode=postcode,
        mobile=_text(body, "numero_telephone_mobile_titulaire") or None,
        created=now,
        start=start,
        end=end,
        consumption_from=first if consumed else None,
        consumption_to=last if consumed else None,
        injection_from=None if consumed else first,
        injection_to=None if consumed else last,
        published=_flag(body, "perim_donnees_publiees"),
        informative=_flag(body, "perim_donnees_informatives"),
        contractual=_flag(body, "perim_donnees_contractuelles"),
        technical=_flag(body, "perim_donnees_techniques"),
    )


def declared(right: Right) -> Json:
    """Return GRDF's answer to a declaration, as the deck shows it."""
    done = right.state == ACTIVE
    first, last = _PERIMETER_DATES[right.flow]
    supplies = right.flow is Flow.CONSUMPTION
    return {
        **treatment(
            "0000000000" if done else "0000000002",
            "L'opération s'est déroulée avec succès."
            if done
            else "La demande d'accès est en attente de la validation du titulaire "
            "du PCE.",
        ),
        "id_pce": right.pce,
        "role_tiers": right.role,
        "id_droit_acces": right.id,
        "etat_droit_acces": right.state,
        "date_creation_droit_acces": wire_moment(right.created),
        "date_debut_droit_acces": wire_date(right.start),
        "date_fin_droit_acces": wire_date(right.end),
        first: wire_date(right.consumption_from if supplies else right.injection_from),
        last: wire_date(right.consumption_to if supplies else right.injection_to),
        "nom_titulaire": right.holder_name,
        "raison_sociale_du_titulaire": right.holder_company,
        "courriel_titulaire": right.mail,
        "code_postal": right.postcode,
        "numero_telephone_mobile_titulaire": right.mobile,
        "perim_donnees_techniques": wire_flag(right.technical),
        "perim_donnees_contractuelles": wire_flag(right.contractual),
        "perim_donnees_informatives": wire_flag(right.informative),
        "perim_donnees_publiees": wire_flag(right.published),
        "parcours": right.journey,
    }


def _role(body: Mapping[str, object]) -> str:
    role = _text(body, "role_tiers")
    if not role:
        raise refused("2000000006", "Le rôle du tiers est obligatoire.")
    if role not in FLOW_OF_ROLE:
        raise bad_request(f"role_tiers inconnu : {role}")
    return role


def _who(body: Mapping[str, object]) -> tuple[str, str]:
    name, company = _text(body, "nom_titulaire"), _text(body, "raison_sociale")
    if name and company:
        message = "Le nom et la raison sociale du titulaire sont exclusifs."
        raise refused("1000000039", message)
    if not name and not company:
        message = "Le nom ou la raison sociale du titulaire est obligatoire."
        raise refused("1000000026", message)
    return name, company


def _postcode(body: Mapping[str, object]) -> str:
    postcode = _text(body, "code_postal")
    if not postcode:
        raise refused("1000000027", "Le code postal est obligatoire.")
    if not _POSTCODE.fullmatch(postcode):
        raise refused("1000000036", "Le format du code postal est invalide.")
    return postcode


def _mail(body: Mapping[str, object]) -> str:
    mail = _text(body, "courriel_titulaire")
    if not mail:
        raise refused("1000000028", "Le courriel du titulaire est obligatoire.")
    if not _MAIL.fullmatch(mail):
        raise refused("1000000024", "Le format du courriel est invalide.")
    return mail


def _perimeter(body: Mapping[str, object], flow: Flow) -> tuple[date, date]:
    """Return the perimeter's dates; those of the other flow are forbidden."""
    (other,) = set(Flow) - {flow}
    if any(_text(body, name) for name in _PERIMETER_DATES[other]):
        raise _outside(f"{_PERIMETER_DATES[other][0]} ne convient pas à ce rôle")
    first, last = (_day(body, name) for name in _PERIMETER_DATES[flow])
    if first is None or last is None:
        raise _outside(f"{' et '.join(_PERIMETER_DATES[flow])} sont obligatoires")
    if first > last:
        raise _outside("le début du périmètre suit sa fin")
    return first, last


def _outside(why: str) -> Exception:
    message = f"Le périmètre demandé est incohérent : {why}."
    return refused("1000000022", message, _CONFLICT)


def _text(body: Mapping[str, object], name: str) -> str:
    """Return a text without the spaces around it: the deck's own example has some."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise bad_request(f"{name} doit être un texte")
    return value.strip()


def _day(body: Mapping[str, object], name: str) -> date | None:
    text = _text(body, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise bad_request(f"{name} : date invalide") from None


def _flag(body: Mapping[str, object], name: str) -> bool:
    text = _text(body, name)
    if text and text not in _FLAGS:
        raise bad_request(f'{name} doit être "Vrai" ou "Faux"')
    return _FLAGS.get(text, False)
