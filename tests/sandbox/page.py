"""The page at `/`: the sandbox for a person."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from aiohttp import web

from .consents import THIRD_PARTY_MAIL
from .faults import Planned
from .gate import OWN, SANDBOX
from .html import html
from .life import answer_due
from .meters import Flow, Frequency, Meter
from .rights import (
    ACTIVE,
    LIVING,
    PROOF_ACCEPTED,
    PROOF_AWAITED,
    PROOF_IN_REVIEW,
    TO_RECHECK,
    TO_VALIDATE,
    Perimeter,
    Right,
)
from .world import Sandbox

_NEWEST: Final = 25
_ROLES: Final = {
    "HOUSE": "Maison",
    "FLAT": "Appartement",
    "HALF_YEARLY": "Maison, relevé semestriel",
    "WAITING": "Maison, accord attendu",
    "FORMER": "Ancien logement",
    "BUSINESS": "Bureaux",
    "INDUSTRY": "Usine",
    "PRODUCER": "Méthaniseur",
    "FARM": "Ferme : consomme et injecte",
}
_FREQUENCIES: Final = {
    Frequency.HALF_YEARLY: "6M",
    Frequency.MONTHLY: "1M, communicant",
    Frequency.BUSINESS_MONTHLY: "MM",
    Frequency.DAILY: "JJ",
}
_FAMILIES: Final = (
    ("published", "publiées"),
    ("informative", "informatives"),
    ("contractual", "contractuelles"),
    ("technical", "techniques"),
)
_COLOURS: Final = {
    ACTIVE: "good",
    TO_VALIDATE: "wait",
    TO_RECHECK: "bad",
    PROOF_AWAITED: "wait",
    PROOF_IN_REVIEW: "wait",
    PROOF_ACCEPTED: "good",
}
REASONS: Final = (
    "Je ne connais pas ce tiers",
    "Je ne souhaite pas partager mes données",
    "Les données demandées ne conviennent pas",
    "Autre",
)
# What a person may let fail: the part of the path and its name.
FAULT_PATHS: Final = {
    "": "tout appel de l'API",
    "droits_acces": "droits d'accès (liste)",
    "droit_acces": "droit d'accès (déclarer, révoquer, preuves)",
    "consos_publiees": "consommations publiées",
    "consos_informatives": "consommations informatives",
    "injection": "injections",
    "contractuelles": "données contractuelles",
    "techniques": "données techniques",
    "token": "jeton",
    "authorize": "page Client Connect",
}
SWITCHES: Final = {
    "refuses_renewal": "Renouvellement refusé (409)",
    "grants_less": "Accorde moins que demandé",
    "contract_over": "Contrat ADICT terminé",
    "pretty": "Réponses indentées",
    "wraps_rights": "Droits dans liste_acces",
}


@dataclass(frozen=True, slots=True)
class _MeterRow:
    meter: Meter
    name: str
    frequency: str
    holder: str
    newest: date | None
    newest_injection: date | None


@dataclass(frozen=True, slots=True)
class _RightRow:
    right: Right
    colour: str
    proof_colour: str
    families: str
    first: date | None
    last: date | None
    answers_until: str
    can_answer: bool
    can_revoke: bool
    can_control: bool
    can_judge: bool


def add_routes(app: web.Application) -> None:
    """Add the page."""
    app.router.add_get("/", _page)


async def _page(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    # Sandbox.rights lets the time pass: what follows shows one moment.
    newest = list(reversed(sandbox.rights))
    rights = sorted(newest, key=lambda right: right.state not in LIVING)
    return html(
        "page",
        own=OWN,
        now=f"{sandbox.now:%d/%m/%Y %H:%M}",
        now_value=f"{sandbox.now:%Y-%m-%dT%H:%M}",
        meters=[_meter_row(sandbox, meter) for meter in sandbox.meters.values()],
        rights=[_right_row(right) for right in rights],
        reasons=REASONS,
        faults=[_fault(planned) for planned in sandbox.faults.planned],
        fault_paths=FAULT_PATHS,
        fault_kinds=FAULT_KINDS,
        switches=[
            (name, label, getattr(sandbox.switches, name))
            for name, label in SWITCHES.items()
        ],
        calls=_calls(sandbox),
        mails=[
            (f"{mail.at:%d/%m %H:%M:%S}", mail.to, mail.subject, len(mail.rights))
            for mail in reversed(sandbox.mails[-_NEWEST:])
        ],
        third_party_mail=THIRD_PARTY_MAIL,
    )


FAULT_KINDS: Final = {
    "500": "erreur 500",
    "503": "indisponible (503)",
    "429": "quota dépassé (429, Retry-After 5 s)",
    "html": "page web au lieu de JSON",
    "reset": "connexion coupée",
    "hang": "silence de 5 s",
    "cut": "flux coupé au 3e objet",
    "malformed": "1er objet illisible",
    "partial": "flux terminé par 2000100",
}


def _meter_row(sandbox: Sandbox, meter: Meter) -> _MeterRow:
    return _MeterRow(
        meter=meter,
        name=_ROLES.get(meter.role, meter.role),
        frequency=_FREQUENCIES[meter.frequency],
        holder=meter.site.holder_name or meter.site.holder_company,
        newest=_newest(sandbox, meter, Flow.CONSUMPTION),
        newest_injection=_newest(sandbox, meter, Flow.INJECTION),
    )


def _newest(sandbox: Sandbox, meter: Meter, flow: Flow) -> date | None:
    """Return the newest gas day that GRDF holds, whatever the rights."""
    if flow is Flow.CONSUMPTION and meter.frequency.is_informative:
        blocks = sandbox.informative(meter.pce, sandbox.oldest(Perimeter.INFORMATIVE))
        return blocks[-1].start if blocks else None
    published = sandbox.published(meter.pce, flow)
    if not published:
        return None
    daily = published[-1].frequency is Frequency.DAILY
    return published[-1].start if daily else published[-1].end


def _right_row(right: Right) -> _RightRow:
    supplies = right.flow is Flow.CONSUMPTION
    waits = right.state == TO_VALIDATE
    return _RightRow(
        right=right,
        colour=_COLOURS.get(right.state, "over"),
        proof_colour=_COLOURS.get(right.proof_state or "", "bad"),
        families=_families(right),
        first=right.consumption_from if supplies else right.injection_from,
        last=right.consumption_to if supplies else right.injection_to,
        answers_until=f"{answer_due(right):%d/%m %H:%M}" if waits else "",
        can_answer=waits,
        can_revoke=right.state in LIVING,
        can_control=right.state in {ACTIVE, TO_RECHECK},
        can_judge=right.proof_state == PROOF_IN_REVIEW,
    )


def _families(right: Right) -> str:
    words = [word for name, word in _FAMILIES if getattr(right, name)]
    if len(words) == len(_FAMILIES):
        return "toutes les données"
    return f"données {', '.join(words)}"


def _fault(planned: Planned) -> str:
    path = FAULT_PATHS.get(planned.path_part or "", planned.path_part)
    return f"{path} : encore {planned.times} fois"


def _calls(sandbox: Sandbox) -> list[tuple[str, str, str, str, int]]:
    calls = sorted(
        [*sandbox.calls[-_NEWEST:], *sandbox.token_calls[-_NEWEST:]],
        key=lambda call: call.monotonic,
    )
    return [
        (
            f"{call.at:%d/%m %H:%M:%S}",
            call.method,
            call.path,
            "&".join(f"{name}={value}" for name, value in call.query.items()),
            call.status,
        )
        for call in reversed(calls[-_NEWEST:])
    ]
