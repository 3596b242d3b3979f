"""Exported files, broken in every way: read cleanly, or refused in our own words."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from io import BytesIO
import re
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from custom_components.grdf_adict.files import (
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    read_export,
)
from custom_components.grdf_adict.metering.exported import ExportedMeter, ExportKind
from custom_components.grdf_adict.metering.file_merge import merge_file, preview
from custom_components.grdf_adict.metering.ledger import Ledger
from tests.exports import (
    build_business,
    build_daily,
    build_monthly,
    build_older_daily,
    build_text,
    build_weekly,
    invented_days,
    workbook_of,
)
from tests.exports.layouts import Row

TODAY: Final = date(2026, 11, 24)
_PCE: Final = "09999999900617"
_EXPORTED_ON: Final = date(2021, 1, 20)
_FIRST: Final = date(2020, 12, 1)
_ROUND: Final = 1_000
_LONGEST: Final = timedelta(seconds=20)

_HEADERS: Final = (
    *("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)"),
    *("Qualification du relevé", "Index de début", "Index de fin", "N° PCE"),
    *("Coefficient de conversion", "Température locale (°C)", "Date de fin", "?"),
)
_DATES: Final = (
    *("24/11/2020", "25/11/2020", "25/11/2020", "31/12/2020", "01/01/2021"),
    *("Du 28/12/2020 au 03/01/2021", "Du 01/01/2021 au 03/01/2021", "Novembre 2020"),
    *("Du 04/01/2021 au 10/01/2021", "Décembre 2020", "24/11/0202", "24/11/2030"),
    *("31/02/2021", "Du 03/01/2021 au 28/12/2020", "Total", "N° PCE : 9999999900617"),
)
_ODD_CELLS: Final = (
    *(None, 0, 1, -1, 12.5, 1e300, 10**30, "1 234,5", "-3", "NaN", "#REF!", "", " "),
    *("Absence de Données", "Mesuré", _PCE, 9999999900617, "9,99E+12", "N° PCE :"),
    *("Export du 24/11/2021", "Export du 24/11/2221", "=1+1", date(2020, 11, 24)),
)
_ODD_TEXTS: Final = (
    *(b"", b"-1", b"0", b"99999999999999999999", b"1e400", b"NaN", b"A1:ZZZ9999999"),
    *(b"inlineStr", b"s", b"d", b"b", b"e", b"&amp;", b"&e;", b"..", b"\xff", b"\x00"),
)
_TEXT: Final = re.compile(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')


@cache
def whole_files() -> tuple[bytes, ...]:
    """Return a small file of every layout."""
    days = invented_days(date(2020, 12, 20), date(2021, 1, 17), absent=[_EXPORTED_ON])
    said = {"pce": _PCE, "exported_on": _EXPORTED_ON}
    builders: tuple[Callable[..., bytes], ...] = (
        *(build_daily, build_weekly, build_monthly, build_older_daily, build_text),
    )
    return (
        *(build(days, **said) for build in builders),
        build_text(days, **said, delimiter=",", encoding="cp1252"),  # type: ignore[arg-type]
        build_business({_PCE: days[:9], "GI999055": days[9:]}),
    )


@st.composite
def flipped(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> bytes:
    """Overwrite a few bytes of a file, and perhaps cut it."""
    content = bytearray(draw(contents))
    for _ in range(draw(st.integers(0, 6))):
        if content:
            place = draw(st.integers(0, len(content) - 1))
            content[place] = draw(st.integers(0, 255))
    end = draw(st.none() | st.integers(0, len(content)))
    return bytes(content[:end])


@st.composite
def with_broken_part(draw: st.DrawFn) -> bytes:
    """Break a part of a workbook inside its zip, where openpyxl must meet it."""
    content = draw(st.sampled_from(whole_files()).filter(lambda c: c.startswith(b"PK")))
    written = BytesIO()
    with ZipFile(BytesIO(content)) as was, ZipFile(written, "w", ZIP_DEFLATED) as now:
        chosen = draw(st.sampled_from(was.namelist()))
        for name in was.namelist():
            part = was.read(name)
            if name == chosen:
                part = draw(_odd_texts(part) | flipped(st.just(part)))
                if draw(st.integers(0, 19)) == 0:
                    continue
            now.writestr(name, part)
    return written.getvalue()


@st.composite
def _odd_texts(draw: st.DrawFn, part: bytes) -> bytes:
    """Replace some attributes and texts of an XML part."""
    for _ in range(draw(st.integers(1, 4))):
        places = [match.span() for match in _TEXT.finditer(part)]
        if not places:
            break
        start, end = draw(st.sampled_from(places))
        part = part[:start] + draw(st.sampled_from(_ODD_TEXTS)) + part[end:]
    return part


def _rows() -> st.SearchStrategy[list[Row]]:
    """Rows of a table with a header that may lack anything."""
    cells = st.sampled_from(_ODD_CELLS)
    row = st.lists(st.sampled_from(_DATES) | cells, max_size=8)
    header = st.permutations(_HEADERS).map(lambda words: words[:8])
    usual = st.just(_HEADERS[:5])
    numbers = st.integers(0, 50)
    likely = st.tuples(st.sampled_from(_DATES), numbers, numbers | cells, cells)
    daily = st.integers(0, 60).map(
        lambda days: (f"{_FIRST + timedelta(days):%d/%m/%Y}", 1, days)
    )
    return st.tuples(
        st.lists(row, max_size=2),
        usual | header,
        st.lists(daily, min_size=1, max_size=10)
        | st.lists(daily | likely, min_size=1, max_size=10)
        | st.lists(likely | row, max_size=10),
    ).map(lambda parts: [*parts[0], parts[1], *parts[2]])


def _as_text(rows: list[Row]) -> bytes:
    lines = (
        ";".join("" if cell is None else str(cell) for cell in row) for row in rows
    )
    return "\r\n".join(lines).encode()


def _as_workbook(rows: list[Row]) -> bytes:
    return workbook_of(("Feuil1", rows))


contents: Final = st.one_of(
    st.deferred(lambda: flipped(st.sampled_from(whole_files()))),
    with_broken_part(),
    with_broken_part(),
    _rows().map(_as_text),
    _rows().map(_as_workbook),
    flipped(_rows().map(_as_text)),
    st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    st.binary(max_size=200),
)


def check(content: bytes, *, leave_out: bool) -> str:
    """Read a file, take it in twice, and return in a word how that went.

    Raises:
        Exception: it went wrong.
    """
    try:
        file = read_export(content, today=TODAY, leave_out_bad_rows=leave_out)
    except ExportFileError as err:
        return f"refused: {err.problem}"
    except ExportQuestionError as err:
        return f"asked: {err.question}"
    _check_file(file)
    return f"read: {file.kind}"


def _check_file(file: ExportFile) -> None:
    assert file.meters
    for meter in file.meters:
        _check_rows(meter)
        once = merge_file(Ledger(), meter)
        shown = preview(Ledger(), once, meter)
        assert merge_file(once, meter) == once
        assert preview(once, once, meter).gained == 0
        assert shown.days == meter.days
        assert abs(shown.gained - meter.energy) < 0.001


def _check_rows(meter: ExportedMeter) -> None:
    assert meter.rows
    end = date.min
    for row in meter.rows:
        assert end <= row.first < row.end
        assert row.first <= TODAY
        assert row.energy is None or 0 <= row.energy < float("inf")
        assert meter.kind is not ExportKind.DAILY or row.days == 1
        end = row.end


def run(cases: int) -> Counter[str]:
    """Check so many files, each within a bounded time; return how they went."""
    outcomes: Counter[str] = Counter()
    while (left := cases - outcomes.total()) > 0:
        # Hypothesis remembers every case of a round, and tries none twice.
        _run_round(min(left, _ROUND), outcomes)
    return outcomes


def _run_round(cases: int, outcomes: Counter[str]) -> None:
    @settings(
        max_examples=cases,
        deadline=_LONGEST,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        print_blob=True,
    )
    @given(contents, st.booleans())
    def every_case(content: bytes, leave_out: bool) -> None:  # noqa: FBT001
        outcomes[check(content, leave_out=leave_out)] += 1

    every_case()
