"""One run of the demo, from the two servers' start to their stop."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from tests.sandbox import Served

from .cards import cards_table, read_cards
from .check import (
    Finding,
    calls_finding,
    card_findings,
    compare_totals,
    cost_findings,
    dashboard_findings,
    end_findings,
    frontend_finding,
    restart_finding,
    row_findings,
    total_findings,
    wait_for_import,
)
from .comparison import table
from .cost import cost_table, read_costs, set_prices
from .exported import demo_exports
from .folder import Folder, prepare
from .home import Home, signed_in
from .log import complaints
from .login import PASSWORD, USER, wait_for_answer
from .processes import Child, first_to_end, running, while_up
from .programs import home_of, sandbox_of
from .provision import (
    add_entry,
    add_files_entry,
    add_to_dashboard,
    has_entry,
    next_update,
)
from .rows import PARIS
from .saying import DemoError, say
from .snapshot import Snapshot, load, save
from .witness import CREDENTIALS, Meter, count_calls, read_meters, truth_of, with_memory

# Home Assistant ends with this code when its user asks for a restart.
_RESTART_CODE = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    check: bool
    empty: bool
    files: bool
    folder: Path
    language: str

    @property
    def stays(self) -> bool:
        """Whether the demo stays up until it is told to stop."""
        return not self.check

    @property
    def compares(self) -> bool:
        """Whether Home Assistant's figures are compared with what they should be."""
        return self.check or self.files


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the steps of one run share."""

    options: Options
    folder: Folder
    http: aiohttp.ClientSession
    home: Child
    sandbox: Child | None

    @property
    def children(self) -> list[Child]:
        """The processes, in the order in which they are started."""
        return [child for child in (self.sandbox, self.home) if child is not None]


async def run(options: Options) -> int:
    """Do what was asked for and return the exit code.

    Raises:
        DemoError: something stands in the way.
    """
    folder = prepare(options.folder, options.language)
    home, sandbox = home_of(folder), None if options.files else sandbox_of(folder)
    async with aiohttp.ClientSession() as http, AsyncExitStack() as stack:
        stage = _Stage(options, folder, http, home, sandbox)
        for child in stage.children:
            say(f"starting {child.name}")
            await stack.enter_async_context(running(child))
        try:
            findings = await while_up(_work(stage), *stage.children)
        except DemoError as error:
            raise DemoError(f"{error}\nThe logs are in {folder.path}") from None
        if options.stays:
            if findings:
                _report(findings)
            await _stay(stage)
    if not options.check:
        return 0
    return _report([*findings, *end_findings(home, sandbox)])


async def _work(stage: _Stage) -> list[Finding]:
    """Set everything up, wait for the import, and look at what is there."""
    options, folder, http = stage.options, stage.folder, stage.http
    if options.empty:
        await _open_house(stage)
        return []
    earlier = load(folder.snapshot)
    meters, add = await _prepared(stage, earlier)
    await wait_for_answer(http, folder.home_address)
    async with signed_in(http, folder.home_address, options.language) as (home, _):
        await _set_up(home, meters, add)
        if options.stays:
            _welcome(
                f"{folder.home_address}/energy",
                "GRDF is one to three days behind, so today is empty:",
                "choose a month or a year in the bar below.",
            )
        try:
            rows = await wait_for_import(home, meters)
        except DemoError as error:
            text = f"{error}\n{_last_words(stage.home)}"
            if not options.stays:
                raise DemoError(text) from None
            say(text)
            return []
        say("the import is done")
        now = Snapshot(rows, truth_of(meters), await next_update(home))
        findings = await _findings(stage, home, meters, (earlier, now))
    if all(finding.good for finding in findings):
        save(folder.snapshot, now)
    return findings


async def _prepared(
    stage: _Stage, earlier: Snapshot | None
) -> tuple[list[Meter], Callable[[Home], Awaitable[None]]]:
    """Return the meters, and what configures the integration with them."""
    folder = stage.folder
    if stage.options.files:
        today = datetime.now(PARIS).date()
        exports, meters = demo_exports(folder.exports, today)
        return meters, partial(add_files_entry, exports=exports, meters=meters)
    meters = [
        with_memory(meter, earlier.truth if earlier else {})
        for meter in await read_meters(stage.http, folder.sandbox_address)
    ]
    return meters, partial(add_entry, sandbox=folder.sandbox_address, meters=meters)


async def _open_house(stage: _Stage) -> None:
    """Leave the flow to whoever wants to walk through it."""
    folder = stage.folder
    await wait_for_answer(stage.http, folder.home_address)
    async with signed_in(stage.http, folder.home_address, stage.options.language) as (
        home,
        _,
    ):
        await home.wait_until_started()
    say("both are up")
    client_id, client_secret = CREDENTIALS
    served = Served(folder.sandbox_address)
    _welcome(
        f"{folder.home_address}/config/integrations/dashboard",
        "Add integration, GRDF ADICT, An ADICT contract:",
        "environment      GRDF's sandbox",
        f"client ID        {client_id}",
        f"client secret    {client_secret}",
        "and under Other addresses:",
        f"API address      {served.api_url}",
        f"token address    {served.token_url}",
        f"consent address  {served.authorise_url}",
        "",
        f"Grant, revoke and correct at GRDF's side: {served.root_url}/",
    )


async def _set_up(
    home: Home, meters: Sequence[Meter], add: Callable[[Home], Awaitable[None]]
) -> None:
    await home.wait_until_started()
    say("all is up")
    if await has_entry(home):
        say("the integration is there from an earlier run")
    else:
        say("configuring the integration")
        await add(home)
    await set_prices(home, meters)
    await add_to_dashboard(home, meters)


async def _findings(
    stage: _Stage,
    home: Home,
    meters: Sequence[Meter],
    snapshots: tuple[Snapshot | None, Snapshot],
) -> list[Finding]:
    """Compare what Home Assistant holds with the truth and with the run before."""
    if not stage.options.compares:
        return []
    earlier, now = snapshots
    lines = await compare_totals(home, meters)
    costs = await read_costs(home, meters)
    beside = "files" if stage.options.files else "sandbox"
    cards = await read_cards(home, meters)
    tables = (table(lines, beside), cost_table(costs), cards_table(cards))
    print("", *tables, sep="\n\n", end="\n\n", flush=True)
    return [
        await frontend_finding(home),
        *await dashboard_findings(home, meters),
        *total_findings(lines, meters),
        *cost_findings(costs),
        *card_findings(cards),
        *row_findings(meters, now.rows),
        *([restart_finding(earlier, now)] if earlier else []),
        *([] if stage.sandbox is None else [await _calls_finding(stage, earlier)]),
    ]


async def _calls_finding(stage: _Stage, earlier: Snapshot | None) -> Finding:
    calls = await count_calls(stage.http, stage.folder.sandbox_address)
    return calls_finding(earlier, calls, datetime.now(UTC))


async def _stay(stage: _Stage) -> None:
    """Keep all up; start Home Assistant again when its user asks it to restart."""
    while True:
        ended, home = await first_to_end(*stage.children), stage.home
        if ended is not home or home.exit_code != _RESTART_CODE:
            raise ended.ended()
        say("Home Assistant restarts, as it was asked to")
        await home.start()


def _last_words(home: Child) -> str:
    """Return what the integration complains of, or else the end of the log."""
    ours = complaints(home.read_log())
    return "\n".join(ours) or f"Home Assistant's log ends with\n{home.last_lines()}"


def _welcome(address: str, *more: str) -> None:
    lines = (
        f"Home Assistant   {address}",
        f"user             {USER}",
        f"password         {PASSWORD}",
        "",
        *more,
        "",
        "Ctrl-C stops it.",
    )
    print("", *(f"    {line}".rstrip() for line in lines), "", sep="\n", flush=True)


def _report(findings: Sequence[Finding]) -> int:
    """Print what was found and return the exit code."""
    for finding in findings:
        print(f"{'ok  ' if finding.good else 'FAIL'}  {finding.text}")
    good = all(finding.good for finding in findings)
    print("\nno difference" if good else "\nsomething differs", flush=True)
    return 0 if good else 1
