"""What a person does on the page: forms posted to the sandbox's own addresses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
from typing import Final

from aiohttp import web
from multidict import MultiDictProxy

from .clock import PARIS
from .faults import Fault
from .gate import OWN, SANDBOX, Handler
from .page import FAULT_PATHS, SWITCHES
from .world import Sandbox

type _Form = MultiDictProxy[str | bytes | bytearray | web.FileField]
type _Action = Callable[[Sandbox, _Form], object]

_MOVES: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_FAULTS: Final[dict[str, Callable[[], Fault]]] = {
    "500": lambda: Fault.status(500),
    "503": lambda: Fault.status(503),
    "429": Fault.retry_after,
    "html": Fault.html,
    "reset": Fault.reset,
    "hang": lambda: Fault.hang(5),
    "cut": lambda: Fault.cut(after_objects=2),
    "malformed": Fault.malformed,
    "partial": Fault.partial_error,
}
_MOST_TIMES: Final = 1000


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only this machine change the sandbox, and no foreign page through it."""
    changes = request.method not in {"GET", "HEAD"} and request.path.startswith(OWN)
    if changes and not (_is_near(request) and _is_own_page(request)):
        return web.Response(status=403, text="Réservé à cette machine.")
    return await handler(request)


def add_routes(app: web.Application) -> None:
    """Add the forms' addresses; each leads back to the page."""
    for name, (action, place) in _ACTIONS.items():
        app.router.add_post(f"{OWN}/{name}", partial(_act, action=action, place=place))


async def _act(request: web.Request, action: _Action, place: str) -> web.Response:
    """Do what a form asks for, and show the page again.

    What names nothing is 404, what cannot be (any more) is 409.
    """
    try:
        action(request.app[SANDBOX], await request.post())
    except KeyError as error:
        raise web.HTTPNotFound(text=f"Introuvable : {error}") from error
    except (ValueError, OverflowError) as error:
        raise web.HTTPConflict(text=f"Impossible : {error}") from error
    return web.Response(status=303, headers={"Location": f"/#{place}"})


def _is_near(request: web.Request) -> bool:
    host = request.url.host or ""
    return _is_loopback(request.remote or "") and (
        host == "localhost" or _is_loopback(host)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_own_page(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or origin == str(request.url.origin())


def _text(form: _Form, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _answer(sandbox: Sandbox, form: _Form) -> None:
    sandbox.answer(
        _text(form, "right"),
        accepts=_text(form, "accepts") == "yes",
        reason=_text(form, "reason"),
        comment=_text(form, "comment"),
    )


def _move_clock(sandbox: Sandbox, form: _Form) -> None:
    move = _text(form, "move")
    if move == "machine":
        sandbox.now = None
    elif move == "set":
        wanted = datetime.fromisoformat(_text(form, "now"))
        sandbox.now = wanted.replace(tzinfo=wanted.tzinfo or PARIS)
    else:
        sandbox.shift(_MOVES[move])


def _move_in(sandbox: Sandbox, form: _Form) -> None:
    mail = _text(form, "mail")
    name, company = _text(form, "name"), _text(form, "company")
    if not mail or bool(name) == bool(company):
        raise ValueError("un courriel, et un nom ou une raison sociale")
    sandbox.move_in(_text(form, "pce"), mail=mail, name=name, company=company)


def _plan_fault(sandbox: Sandbox, form: _Form) -> None:
    path, times = _text(form, "path"), int(_text(form, "times"))
    if path not in FAULT_PATHS:
        raise KeyError(path)
    if not 1 <= times <= _MOST_TIMES:
        raise ValueError(times)
    sandbox.fail_next(path or None, _FAULTS[_text(form, "kind")](), times)


def _set_switches(sandbox: Sandbox, form: _Form) -> None:
    for name in SWITCHES:
        setattr(sandbox.switches, name, name in form)


_ACTIONS: Final[dict[str, tuple[_Action, str]]] = {
    "answer": (_answer, "droits"),
    "revoke": (
        lambda sandbox, form: sandbox.revoke(_text(form, "right")),
        "droits",
    ),
    "campaign": (
        lambda sandbox, form: sandbox.start_campaign(
            map(str, form.getall("right", []))
        ),
        "droits",
    ),
    "judge": (
        lambda sandbox, form: sandbox.judge_proof(
            _text(form, "right"), _text(form, "accepted") == "yes"
        ),
        "droits",
    ),
    "move-out": (
        lambda sandbox, form: sandbox.move_out(_text(form, "pce")),
        "compteurs",
    ),
    "move-in": (_move_in, "compteurs"),
    "clock": (_move_clock, "horloge"),
    "fault": (_plan_fault, "pannes"),
    "no-faults": (lambda sandbox, _: sandbox.faults.clear(), "pannes"),
    "switches": (_set_switches, "pannes"),
}
