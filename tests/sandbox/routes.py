"""The calls that give data (API notes §3)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Final

from aiohttp import web

from .answers import FAULT, plain, stream
from .blocks import Block
from .canned import CONTRACTUAL, TECHNICAL
from .details import FILTERS, contractual, technical
from .faults import Fault
from .gate import BASES, SANDBOX
from .meters import Flow, Meter
from .query import Query, known_meter, parse_query
from .rights import NO_DATA, NO_RIGHT, Perimeter, Refusal
from .wire import Json, consumption, nothing
from .world import INFORMATIVE_YEARS, PUBLISHED_YEARS, Answer, Sandbox

_AMOUNTS: Final = {
    "donnees_consos_publiees": Perimeter.PUBLISHED,
    "donnees_consos_informatives": Perimeter.INFORMATIVE,
    "donnees_injections_publiees": Perimeter.INJECTION,
    # As the real sandbox's v6 spells it.
    "donnees_injection_publiees": Perimeter.INJECTION,
}


def add_routes(app: web.Application) -> None:
    """Add the calls, under production's base and the real sandbox's alike."""
    for base in BASES:
        pce = f"{base}/pce/{{pce}}"
        for path, family in _AMOUNTS.items():
            app.router.add_get(f"{pce}/{path}", partial(_amounts, family=family))
        app.router.add_get(f"{pce}/donnees_contractuelles", _contractual)
        app.router.add_get(f"{pce}/donnees_techniques", _technical)


async def _amounts(request: web.Request, family: Perimeter) -> web.StreamResponse:
    sandbox = request.app[SANDBOX]
    meter = _meter(request)
    informative = family is Perimeter.INFORMATIVE
    depth = INFORMATIVE_YEARS if informative else PUBLISHED_YEARS
    query = parse_query(request.query, sandbox.today, depth)
    refusal = _refusal(sandbox, meter, family)
    if refusal is not None:
        return await _refuse(request, meter, refusal)
    flow = family.flow or Flow.CONSUMPTION
    if informative:
        # One day more than asked: `_asked` decides.
        since = query.first - timedelta(days=1)
        blocks = sandbox.informative(meter.pce, since)
    else:
        blocks = sandbox.published(meter.pce, flow)
    is_given = sandbox.gives(meter.pce, family)
    oldest = sandbox.oldest(family)
    given = [
        block
        for block in _asked(blocks, query, day_before=sandbox.switches.gives_day_before)
        if is_given(block) and block.end > oldest
    ]
    found = (consumption(meter.pce, query.echo, block) for block in given)
    fault = request.get(FAULT, Fault())
    answer = Answer(
        at=sandbox.now,
        pce=meter.pce,
        family=family,
        blocks=fault.passes(given),
        is_whole=fault.leaves_whole(given),
    )
    if fault.endless:
        # Whoever has had enough of it ends this handler too.
        sandbox.journal.answers.append(answer)
    response = await _stream(request, _or_nothing(found, meter.pce, query, flow))
    if not fault.endless:
        sandbox.journal.answers.append(answer)
    return response


def _asked(
    blocks: Iterable[Block], query: Query, *, day_before: bool
) -> Iterator[Block]:
    """Yield the blocks that touch the days asked for.

    A gas day ends at 06:00 of the next date, so the one before `date_debut` touches it.
    """
    for block in blocks:
        touches = block.end >= query.first if day_before else block.end > query.first
        if touches and block.start <= query.last:
            yield block


def _or_nothing(
    found: Iterator[Json], pce: str, query: Query, flow: Flow
) -> Iterator[Json]:
    first = next(found, None)
    if first is None:
        yield nothing(pce, query.echo, NO_DATA.code, NO_DATA.message, flow)
        return
    yield first
    yield from found


async def _contractual(request: web.Request) -> web.StreamResponse:
    sandbox = request.app[SANDBOX]
    meter = _meter(request)
    filters = request.query.getall("filtre", [])
    if not FILTERS.issuperset(filters):
        raise web.HTTPBadRequest(reason="filtre inconnu")
    refusal = _refusal(sandbox, meter, Perimeter.CONTRACTUAL)
    if refusal is not None:
        return await _refuse(request, meter, refusal)
    body = CONTRACTUAL.get(meter.pce) if not filters else None
    return await _one(request, body or contractual(meter, sandbox.today, filters))


async def _technical(request: web.Request) -> web.StreamResponse:
    sandbox = request.app[SANDBOX]
    meter = _meter(request)
    refusal = _refusal(sandbox, meter, Perimeter.TECHNICAL)
    if refusal is not None:
        return await _refuse(request, meter, refusal)
    return await _one(request, TECHNICAL.get(meter.pce) or technical(meter))


def _meter(request: web.Request) -> Meter:
    return known_meter(request.app[SANDBOX].meter, request.match_info["pce"])


def _refusal(sandbox: Sandbox, meter: Meter, perimeter: Perimeter) -> Refusal | None:
    right = sandbox.deciding_right(meter.pce, perimeter)
    return NO_RIGHT if right is None else right.refusal(perimeter, sandbox.today)


async def _refuse(
    request: web.Request, meter: Meter, refusal: Refusal
) -> web.StreamResponse:
    body: Json = {"pce": {"id_pce": meter.pce}, "statut_restitution": asdict(refusal)}
    return plain(request.app[SANDBOX].switches.refusal_status, body)


async def _one(request: web.Request, body: Json) -> web.StreamResponse:
    if FAULT in request:
        return await stream(request, [body], content_type="application/json")
    return plain(200, body)


async def _stream(request: web.Request, objects: Iterable[Json]) -> web.StreamResponse:
    switches = request.app[SANDBOX].switches
    return await stream(
        request,
        objects,
        pretty=switches.pretty,
        content_type=switches.content_type,
    )
