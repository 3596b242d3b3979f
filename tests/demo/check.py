"""Whether Home Assistant shows what the sandbox holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .cards import CardLine
from .comparison import Comparison, YearLine, compare, year_lines
from .cost import CostLine
from .home import CommandError, Home
from .log import complaints, tracebacks
from .processes import Child
from .provision import energy_sources
from .rows import Rows, reaches, read_rows, read_totals, row_problems
from .saying import say
from .snapshot import Snapshot, changed_rows
from .waiting import look_until
from .witness import Meter, truth_of

_IMPORT_SECONDS = 120.0
# Home Assistant compares, and maybe rewrites, in the background after its start.
_STABLE_LOOKS = 5
_SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    text: str


async def wait_for_import(home: Home, meters: Sequence[Meter]) -> Rows:
    """Wait until each meter's rows reach its newest day and stay as they are.

    Raises:
        DemoError: they do not within two minutes.
    """
    previous: Rows = {}
    stable = 0

    async def look() -> Rows | None:
        nonlocal previous, stable
        rows = await read_rows(home, truth_of(meters))
        same = rows == previous and not _behind(rows, meters)
        stable = stable + 1 if same else 0
        _tell_progress(previous, rows, meters)
        previous = rows
        return rows if stable == _STABLE_LOOKS else None

    def complaint() -> str:
        behind = ", ".join(_behind(previous, meters)) or "none, but rows keep changing"
        return (
            f"The import is not done after {_IMPORT_SECONDS:.0f} seconds. Meters whose "
            f"statistics do not reach the sandbox's newest day: {behind}."
        )

    return await look_until(look, seconds=_IMPORT_SECONDS, every=1, complaint=complaint)


async def compare_totals(home: Home, meters: Sequence[Meter]) -> list[YearLine]:
    """Ask Home Assistant for monthly and yearly sums, beside those of the sandbox."""
    truth = truth_of(meters)
    months = await read_totals(home, truth, "month")
    years = await read_totals(home, truth, "year")

    def compared(name: str) -> Comparison:
        return compare({"month": months[name], "year": years[name]}, truth[name])

    return [
        line
        for meter in meters
        for line in year_lines(
            meter.label, compared(meter.energy_id), compared(meter.volume_id)
        )
    ]


async def dashboard_findings(home: Home, meters: Sequence[Meter]) -> list[Finding]:
    """Look for each meter in the Energy dashboard, and at what validation says."""
    sources = await energy_sources(home)
    validation = await home.ask("energy/validate")
    places = {source.get("stat_energy_from"): n for n, source in enumerate(sources)}
    absent = [meter.label for meter in meters if meter.energy_id not in places]
    issues = [
        f"{meter.label}: {issue['type']}"
        for meter in meters
        if meter.energy_id in places
        for issue in validation["energy_sources"][places[meter.energy_id]]
    ]
    return [
        _finding("gas sources in the Energy dashboard", len(meters), absent),
        _finding("energy/validate agrees with the gas sources", len(meters), issues),
    ]


async def frontend_finding(home: Home) -> Finding:
    """Say whether the frontend can load: it asks for all actions first.

    One built-in integration that misses a package fails the whole answer.
    """
    try:
        services = await home.ask("get_services")
    except CommandError as error:
        return _finding("domains of actions for the frontend", 0, [str(error)])
    return _finding("domains of actions for the frontend", len(services), [])


def total_findings(lines: Sequence[YearLine], meters: Sequence[Meter]) -> list[Finding]:
    """Say whether every year and month agrees, and whether there are any."""
    unequal = [f"{line.meter} {line.year}" for line in lines if not line.equal]
    empty = [
        f"{meter.label}: nothing"
        for meter in meters
        if not any(line.meter == meter.label and line.energy.stored for line in lines)
    ]
    return [_finding("years equal, with their months", len(lines), unequal + empty)]


def cost_findings(lines: Sequence[CostLine]) -> list[Finding]:
    """Say whether every year costs what it should."""
    unequal = [f"{line.meter} {line.year}" for line in lines if not line.equal]
    return [_finding("yearly costs equal to the cent", len(lines), unequal)]


def card_findings(lines: Sequence[CardLine]) -> list[Finding]:
    """Say whether a Statistic card shows every calendar period whole."""
    unequal = [
        f"{line.meter}: {line.period} -{line.back}"
        for line in lines
        if not line.energy.equal
    ]
    return [_finding("periods of Statistic cards equal", len(lines), unequal)]


def row_findings(meters: Sequence[Meter], rows: Rows) -> list[Finding]:
    """Say for each statistic whether its rows are the gas days that it should hold."""
    return [
        _finding(
            f"{meter.label}: rows of {unit} equal to its gas days",
            len(rows[name]),
            row_problems(rows[name], days),
        )
        for meter in meters
        for unit, name, days in (
            ("kWh", meter.energy_id, meter.energy),
            ("m³", meter.volume_id, meter.volume),
        )
    ]


def restart_finding(earlier: Snapshot, now: Snapshot) -> Finding:
    """Say whether the rows of the run before are still there as they were."""
    return _finding(
        "rows of the run before unchanged",
        sum(map(len, earlier.rows.values())),
        changed_rows(earlier, now),
    )


def calls_finding(earlier: Snapshot | None, calls: int, now: datetime) -> Finding:
    """Say what this run cost; a restart costs nothing before the next call is due."""
    if earlier is None:
        return Finding(good=calls > 0, text=f"API calls for the import: {calls}")
    if earlier.next_update is None or earlier.next_update <= now:
        return Finding(good=True, text=f"API calls, of which some were due: {calls}")
    return Finding(good=calls == 0, text=f"API calls for the restart: {calls}")


def end_findings(home: Child, sandbox: Child | None) -> list[Finding]:
    """Say whether the processes ended well, and what their logs complain of."""
    codes = [
        Finding(child.exit_code == 0, f"{child.name} ended with {child.exit_code}")
        for child in (sandbox, home)
        if child is not None
    ]
    return [
        *codes,
        _finding(
            "complaints of the integration in Home Assistant's log",
            0,
            complaints(home.read_log()),
        ),
        *(
            [_finding("errors of the sandbox", 0, tracebacks(sandbox.read_log()))]
            if sandbox is not None
            else []
        ),
    ]


def _finding(text: str, count: int, problems: Sequence[str]) -> Finding:
    if not problems:
        return Finding(good=True, text=f"{text}: {count}")
    shown = [f"      {each}" for each in problems[:_SHOWN_PROBLEMS]]
    if len(problems) > _SHOWN_PROBLEMS:
        shown.append(f"      and {len(problems) - _SHOWN_PROBLEMS} more")
    return Finding(good=False, text="\n".join([f"{text}, but:", *shown]))


def _behind(rows: Rows, meters: Sequence[Meter]) -> list[str]:
    return [
        meter.label
        for meter in meters
        if not (
            reaches(rows.get(meter.energy_id, []), meter.energy)
            and reaches(rows.get(meter.volume_id, []), meter.volume)
            and (
                not meter.is_priced or reaches(rows.get(meter.cost_id, []), meter.cost)
            )
        )
    ]


def _tell_progress(before: Rows, now: Rows, meters: Sequence[Meter]) -> None:
    for meter in meters:
        count = len(now[meter.energy_id])
        if count != len(before.get(meter.energy_id, ())):
            say(f"{meter.label}: {count} gas days in Home Assistant")
