"""Client Connect's page: the customer logs in, chooses and says yes or no."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from aiohttp import web
from yarl import URL

from .clock import years_before
from .connect import CODE_LIFE, Grant, consent_of
from .gate import SANDBOX
from .html import html
from .meters import Flow, Meter
from .rights import (
    AUTHORISED_INJECTION,
    AUTHORISED_SUPPLY,
    CLIENT_CONNECT,
    THIRD_PARTY,
    Right,
)
from .world import Sandbox

_REALM: Final = "/openam/oauth2/realms/externeGrdf"
AUTHORISE_PATH: Final = f"{_REALM}/authorize"
_ASKED: Final = (
    "client_id",
    "response_type",
    "scope",
    "redirect_uri",
    "state",
    "nonce",
    "login_hint",
)
_FAMILIES: Final = {
    "published": "Consommations et injections publiées",
    "informative": "Consommations informatives (quotidiennes)",
    "contractual": "Données contractuelles",
    "technical": "Données techniques",
}


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with an account at GRDF, and the meters in it."""

    mail: str
    name: str
    meters: tuple[Meter, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer granted."""

    meters: tuple[Meter, ...]
    families: frozenset[str]
    history_from: date
    start: date
    end: date


class _ChoiceError(Exception):
    """The form cannot be granted as it is; the text is for the customer."""


def add_routes(app: web.Application) -> None:
    """Add the page, at OpenAM's path."""
    app.router.add_get(AUTHORISE_PATH, _show)
    app.router.add_post(AUTHORISE_PATH, _decide)


def customers(sandbox: Sandbox) -> dict[str, Customer]:
    """Return who may log in, by mail."""
    found: dict[str, Customer] = {}
    for meter in sandbox.meters.values():
        site = meter.site
        if not site.mail:
            continue
        known = found.get(site.mail)
        found[site.mail] = Customer(
            site.mail,
            site.holder_name or site.holder_company,
            (*(known.meters if known else ()), meter),
        )
    return found


async def _show(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    asked = _texts(request.query)
    wrong = _wrong(sandbox, asked)
    if wrong is not None:
        return wrong
    known = customers(sandbox)
    customer = known.get(request.query.get("customer", ""))
    if customer is None:
        return _login(asked, known)
    return _consent(sandbox, asked, customer)


async def _decide(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    form = await request.post()
    asked = _texts(form)
    wrong = _wrong(sandbox, asked)
    if wrong is not None:
        return wrong
    customer = customers(sandbox).get(str(form.get("customer")))
    if customer is None:
        raise web.HTTPBadRequest(reason="customer")
    if form.get("decision") != "yes":
        return _back(sandbox, asked, error="access_denied")
    try:
        choice = _choice(customer, form, [str(pce) for pce in form.getall("pce", [])])
    except _ChoiceError as error:
        return _consent(sandbox, asked, customer, str(error))
    issuer = f"{request.url.origin()}{_REALM}"
    granted = [
        sandbox.grant(right)
        for meter in choice.meters
        for right in _rights(sandbox, customer, meter, choice)
    ]
    code = sandbox.connect.give_code(
        Grant(
            customer=customer.mail,
            redirect_uri=asked["redirect_uri"],
            issuer=issuer,
            nonce=asked.get("nonce"),
            consents=tuple(map(consent_of, granted)),
            ends=sandbox.now + CODE_LIFE,
        )
    )
    return _back(sandbox, asked, code=code, iss=issuer, client_id=asked["client_id"])


def _texts(given: Mapping[str, object]) -> dict[str, str]:
    return {name: str(given[name]) for name in _ASKED if name in given}


def _wrong(sandbox: Sandbox, asked: Mapping[str, str]) -> web.Response | None:
    """Return GRDF's error page, or the way back with an error; None if all is well."""
    redirect_uri = asked.get("redirect_uri", "")
    if asked.get("client_id") != sandbox.client_id:
        return html("erreur", status=400, why="Ce tiers est inconnu de GRDF.")
    if not sandbox.connect.knows(redirect_uri):
        return html(
            "erreur",
            status=400,
            why="L'adresse de retour (redirect_uri) n'est pas déclarée chez GRDF.",
        )
    if asked.get("response_type") != "code":
        return _back(sandbox, asked, error="unsupported_response_type")
    if "openid" not in asked.get("scope", "").split():
        return _back(sandbox, asked, error="invalid_scope")
    return None


def _login(asked: Mapping[str, str], known: Mapping[str, Customer]) -> web.Response:
    hint = asked.get("login_hint", "").split(";")
    return html(
        "connexion",
        asked=asked,
        action=AUTHORISE_PATH,
        customers=known.values(),
        hinted=next((part for part in hint if part in known), None),
    )


def _consent(
    sandbox: Sandbox, asked: Mapping[str, str], customer: Customer, complaint: str = ""
) -> web.Response:
    today = sandbox.today
    return html(
        "consentement",
        status=400 if complaint else 200,
        asked=asked,
        action=AUTHORISE_PATH,
        customer=customer,
        party=THIRD_PARTY,
        families=_FAMILIES,
        complaint=complaint,
        start=today,
        end=years_before(today, -3),
        history_from=years_before(today, 5),
    )


def _choice(customer: Customer, form: Mapping[str, object], pces: list[str]) -> Choice:
    meters = tuple(meter for meter in customer.meters if meter.pce in pces)
    if not meters or len(meters) != len(pces):
        raise _ChoiceError("Choisissez au moins un de vos compteurs.")
    families = frozenset(name for name in _FAMILIES if name in form)
    if not families:
        raise _ChoiceError("Choisissez au moins un type de données.")
    try:
        start, end, history_from = (
            date.fromisoformat(str(form.get(name)))
            for name in ("start", "end", "history_from")
        )
    except ValueError:
        raise _ChoiceError("Indiquez les trois dates.") from None
    if not max(start, history_from) <= end:
        raise _ChoiceError("La date de fin doit suivre les deux autres.")
    return Choice(meters, families, history_from, start, end)


def _rights(
    sandbox: Sandbox, customer: Customer, meter: Meter, choice: Choice
) -> list[Right]:
    """Return a right for each way that gas passes the meter."""
    return [
        Right(
            id="",
            pce=meter.pce,
            role=AUTHORISED_SUPPLY if consumed else AUTHORISED_INJECTION,
            holder_name=meter.site.holder_name,
            holder_company=meter.site.holder_company,
            mail=customer.mail,
            postcode=meter.site.postcode,
            published="published" in choice.families,
            informative="informative" in choice.families,
            contractual="contractual" in choice.families,
            technical="technical" in choice.families,
            created=sandbox.now,
            start=choice.start,
            end=choice.end,
            consumption_from=choice.history_from if consumed else None,
            consumption_to=choice.end if consumed else None,
            injection_from=None if consumed else choice.history_from,
            injection_to=None if consumed else choice.end,
            journey=CLIENT_CONNECT,
        )
        for flow in Flow
        if meter.through(flow) is not None
        for consumed in [flow is Flow.CONSUMPTION]
    ]


def _back(sandbox: Sandbox, asked: Mapping[str, str], **more: str) -> web.Response:
    state = asked.get("state")
    if state is not None:
        more["state"] = "forged" if sandbox.connect.forges_state else state
    url = URL(asked["redirect_uri"]).update_query(more)
    return web.Response(status=302, headers={"Location": str(url)})
