"""One run of the demo, from the two servers' start to their stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from tests.sandbox import Served

from .check import (
    Finding,
    calls_finding,
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
from .folder import Folder, prepare
from .home import Home, signed_in
from .log import complaints
from .login import PASSWORD, USER, wait_for_answer
from .processes import Child, first_to_end, running, while_up
from .programs import home_of, sandbox_of
from .provision import (
    add_entry,
    add_to_dashboard,
    has_entry,
    next_update,
)
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
    folder: Path
    language: str

    @property
    def stays(self) -> bool:
        """Whether the demo stays up until it is told to stop."""
        return not self.check


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the steps of one run share."""

    options: Options
    folder: Folder
    http: aiohttp.ClientSession
    sandbox: Child
    home: Child


async def run(options: Options) -> int:
    """Do what was asked for and return the exit code.

    Raises:
        DemoError: something stands in the way.
    """
    folder = prepare(options.folder, options.language)
    sandbox, home = sandbox_of(folder), home_of(folder)
    async with aiohttp.ClientSession() as http, running(sandbox), running(home):
        say("starting the sandbox and Home Assistant")
        stage = _Stage(options, folder, http, sandbox, home)
        try:
            findings = await while_up(_work(stage), sandbox, home)
        except DemoError as error:
            raise DemoError(f"{error}\nThe logs are in {folder.path}") from None
        if options.stays:
            await _stay(sandbox, home)
    if not options.check:
        return 0
    return _report([*findings, *end_findings(sandbox, home)])


async def _work(stage: _Stage) -> list[Finding]:
    """Set everything up, wait for the import, and look at what is there."""
    options, folder, http = stage.options, stage.folder, stage.http
    if options.empty:
        await _open_house(stage)
        return []
    earlier = load(folder.snapshot)
    meters = [
        with_memory(meter, earlier.truth if earlier else {})
        for meter in await read_meters(http, folder.sandbox_address)
    ]
    await wait_for_answer(http, folder.home_address)
    async with signed_in(http, folder.home_address, options.language) as (home, _):
        await _set_up(home, folder, meters)
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
        "Add integration, then GRDF ADICT:",
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


async def _set_up(home: Home, folder: Folder, meters: Sequence[Meter]) -> None:
    await home.wait_until_started()
    say("both are up")
    if await has_entry(home):
        say("the integration is there from an earlier run")
    else:
        say("configuring the integration")
        await add_entry(home, folder.sandbox_address, meters)
    await set_prices(home, meters)
    await add_to_dashboard(home, meters)


async def _findings(
    stage: _Stage,
    home: Home,
    meters: Sequence[Meter],
    snapshots: tuple[Snapshot | None, Snapshot],
) -> list[Finding]:
    """Compare what Home Assistant holds with the sandbox and with the run before."""
    if not stage.options.check:
        return []
    earlier, now = snapshots
    lines = await compare_totals(home, meters)
    costs = await read_costs(home, meters)
    print(f"\n{table(lines)}\n\n{cost_table(costs)}\n", flush=True)
    calls = await count_calls(stage.http, stage.folder.sandbox_address)
    return [
        await frontend_finding(home),
        *await dashboard_findings(home, meters),
        *total_findings(lines, meters),
        *cost_findings(costs),
        *row_findings(meters, now.rows),
        *([restart_finding(earlier, now)] if earlier else []),
        calls_finding(earlier, calls, datetime.now(UTC)),
    ]


async def _stay(sandbox: Child, home: Child) -> None:
    """Keep both up; start Home Assistant again when its user asks it to restart."""
    while True:
        ended = await first_to_end(sandbox, home)
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
