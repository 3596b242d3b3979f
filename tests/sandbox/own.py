"""The sandbox's own addresses, outside the API: truth, calls and clock."""

from collections.abc import Mapping
from datetime import date, datetime

from aiohttp import web

from .answers import plain
from .clock import gas_day_start
from .gate import OWN, SANDBOX
from .meters import Flow
from .wire import Json
from .world import Call, Sandbox, TruthDay


def add_routes(app: web.Application) -> None:
    """Add the sandbox's own addresses."""
    app.router.add_get(f"{OWN}/truth", _all_truth)
    app.router.add_get(f"{OWN}/truth/{{pce}}", _truth)
    app.router.add_get(f"{OWN}/calls", _calls)
    app.router.add_get(f"{OWN}/clock", _clock)
    app.router.add_put(f"{OWN}/clock", _set_clock)


async def _all_truth(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    meters = [_meter_truth(sandbox, pce) for pce in sandbox.meters]
    return plain(200, {"now": sandbox.now.isoformat(), "meters": meters})


async def _truth(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    pce = request.match_info["pce"]
    if sandbox.meter(pce) is None:
        raise web.HTTPNotFound
    return plain(200, _meter_truth(sandbox, pce))


def _meter_truth(sandbox: Sandbox, pce: str) -> Json:
    meter = sandbox.meter(pce)
    return {
        "pce": pce,
        "role": "" if meter is None else meter.role,
        "frequency": "" if meter is None else meter.frequency.value,
        "days": _days(sandbox.available_days(pce)),
        "injections": _days(sandbox.available_days(pce, Flow.INJECTION)),
        "published": [
            {
                "start": gas_day_start(block.start).isoformat(),
                "end": gas_day_start(block.end).isoformat(),
                "kwh": block.kwh,
                "m3": block.m3,
            }
            for block in sandbox.available_published(pce)
        ],
    }


def _days(days: Mapping[date, TruthDay]) -> Json:
    return {
        day.isoformat(): {"kwh": truth.kwh, "m3": truth.m3}
        for day, truth in days.items()
    }


async def _calls(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    return plain(
        200,
        {
            "calls": [_call(call) for call in sandbox.calls],
            "token_calls": [_call(call) for call in sandbox.token_calls],
        },
    )


def _call(call: Call) -> Json:
    return {
        "at": call.at.isoformat(),
        "method": call.method,
        "path": call.path,
        "query": dict(call.query),
        "status": call.status,
    }


async def _clock(request: web.Request) -> web.Response:
    return plain(200, {"now": request.app[SANDBOX].now.isoformat()})


async def _set_clock(request: web.Request) -> web.Response:
    wish = await request.json()
    now = wish.get("now") if isinstance(wish, dict) else None
    try:
        request.app[SANDBOX].now = None if now is None else datetime.fromisoformat(now)
    except (TypeError, ValueError) as error:
        raise web.HTTPBadRequest(reason="now: an ISO instant with a zone") from error
    return await _clock(request)
