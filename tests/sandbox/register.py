"""The calls that manage access rights (GDA, API notes §3 and §4)."""

from collections.abc import Callable, Iterable
import json
from typing import Final
import unicodedata

from aiohttp import web

from .answers import FAULT, plain, stream
from .consents import AlreadyExistsError
from .declarations import declared, read_declaration
from .gate import BASES, SANDBOX
from .proofs import check_proofs, read_proofs
from .query import bad_request, is_pce, known_meter, refused, treatment
from .rights import BY_THE_THIRD_PARTY, LIVING, Right
from .trials import check_declaration, check_trial_proofs
from .wire import Json
from .world import Sandbox

MOST_PCE: Final = 1000
_DONE: Final = treatment("0000000000", "L'opération s'est déroulée avec succès.")
_FILTERS: Final[dict[str, Callable[[Right], str | None]]] = {
    "role_tiers": lambda right: right.role,
    "etat_droit_acces": lambda right: right.state,
    "statut_controle_preuve": lambda right: right.proof_state,
    "id_pce": lambda right: right.pce,
}


def add_routes(app: web.Application) -> None:
    """Add the calls, under production's base and the real sandbox's alike."""
    for base in BASES:
        right = f"{base}/droit_acces/{{id}}"
        app.router.add_get(f"{base}/droits_acces", _all)
        app.router.add_post(f"{base}/droits_acces", _some)
        app.router.add_put(f"{base}/pce/{{pce}}/droit_acces", _declare)
        app.router.add_patch(right, _revoke)
        app.router.add_put(f"{right}/preuves", _send_proofs)


async def _all(request: web.Request) -> web.StreamResponse:
    return await _list(request, _listed(request.app[SANDBOX]))


async def _some(request: web.Request) -> web.StreamResponse:
    body = await _body(request)
    if not isinstance(body, dict):
        raise bad_request("un objet JSON est attendu")
    asked = {name: _wanted(body.get(name), name) for name in _FILTERS}
    if len(asked["id_pce"]) > MOST_PCE:
        raise refused("2000000009", f"La liste dépasse {MOST_PCE} PCE.")
    found = [
        right
        for right in _listed(request.app[SANDBOX])
        if all(
            not wanted or _folded(_FILTERS[name](right) or "") in wanted
            for name, wanted in asked.items()
        )
    ]
    return await _list(request, found)


async def _declare(request: web.Request) -> web.StreamResponse:
    sandbox = request.app[SANDBOX]
    check_declaration(request.match_info["pce"])
    meter = known_meter(sandbox.meter, request.match_info["pce"])
    wish = read_declaration(await _body(request), meter, sandbox.now)
    try:
        right = sandbox.declare(wish)
    except AlreadyExistsError:
        message = "Un droit d'accès existe déjà pour ce PCE."
        raise refused("1000000003", message, 409) from None
    return await _one(request, declared(right), status=201)


async def _revoke(request: web.Request) -> web.StreamResponse:
    sandbox = request.app[SANDBOX]
    if request.can_read_body and not isinstance(await _body(request), dict):
        raise bad_request("un objet JSON est attendu")
    right = _right(request)
    if right.state not in LIVING:
        raise _no_such_right()
    sandbox.revoke(right.id, BY_THE_THIRD_PARTY)
    return await _one(request, _DONE | _name(right))


async def _send_proofs(request: web.Request) -> web.StreamResponse:
    proofs = await read_proofs(request)
    right = _right(request)
    check_trial_proofs(right.id)
    check_proofs(right, proofs)
    request.app[SANDBOX].receive_proofs(right.id, proofs)
    status = {"statut_controle_preuve": right.proof_state}
    return await _one(request, _DONE | _name(right) | status)


def _listed(sandbox: Sandbox) -> list[Right]:
    extra = sandbox.case_rights if sandbox.switches.lists_cases else []
    return [*sandbox.rights, *extra]


async def _list(request: web.Request, rights: Iterable[Right]) -> web.StreamResponse:
    switches = request.app[SANDBOX].switches
    listed = [right.wire() for right in rights]
    return await stream(
        request,
        [{"liste_acces": listed}, _DONE] if switches.wraps_rights else [*listed, _DONE],
        pretty=switches.pretty,
        content_type=switches.content_type,
    )


async def _one(
    request: web.Request, body: Json, *, status: int = 200
) -> web.StreamResponse:
    if FAULT in request:
        return await stream(
            request, [body], content_type="application/json", status=status
        )
    return plain(status, body)


async def _body(request: web.Request) -> object:
    """Return a JSON body; none at all is an empty object."""
    text = await request.text()
    try:
        return json.loads(text) if text.strip() else {}
    except ValueError:
        raise bad_request("JSON invalide") from None


def _wanted(value: object, name: str) -> frozenset[str]:
    """Return what a filter lets pass; empty lets all pass."""
    if value is None:
        return frozenset()
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise bad_request(f"{name} doit être une liste de textes")
    return frozenset(map(_folded, value))


def _folded(text: str) -> str:
    """Fold case and accents: the deck itself writes "A révérifier" for one state."""
    plain_text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain_text if not unicodedata.combining(c)).casefold()


def _right(request: web.Request) -> Right:
    right_id = request.match_info["id"]
    if is_pce(right_id):
        raise refused("2000000001", "Erreur technique", 500)
    try:
        return request.app[SANDBOX].right_of(right_id)
    except KeyError:
        raise _no_such_right() from None


def _no_such_right() -> Exception:
    return refused("1000000001", "Le droit d'accès n'existe pas.", 404)


def _name(right: Right) -> Json:
    return {"id_droit_acces": right.id, "etat_droit_acces": right.state}
