"""Files as people bring them, and what is right to do with each.

A file is read to the truth, asked about, or refused. Each case names which of these
are right; a wrong value, and a value that is lost without a word, never are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from custom_components.grdf_adict.files import (
    YES,
    ExportFile,
    ExportFileError,
    ExportQuestionError,
    Question,
    read_export,
)
from custom_components.grdf_adict.metering.exported import ExportKind

from . import archives, layouts, spreadsheet, strangers, text
from .plain import Day, invented_days
from .truth import Truth, truth_of_days, truth_of_periods
from .verdict import TODAY, judge, silent_wrongs

PCE: Final = "09999999900617"
OTHER_PCE: Final = "09999999930215"
EXPORTED_ON: Final = date(2021, 11, 24)
FIRST: Final = date(2020, 11, 24)
ABSENT: Final = date(2021, 1, 5)
DAYS: Final = invented_days(FIRST, date(2021, 11, 21), absent=[ABSENT])
SOME: Final = DAYS[20:70]
OTHERS: Final = invented_days(SOME[0].gas_day, SOME[-1].gas_day, seed=2)
# Of a building: a day is more than a thousand kWh.
LARGE: Final = [
    replace(day, kwh=1_000 + (day.kwh or 0) * 10, m3=round(90 + (day.kwh or 0) * 0.9))
    for day in invented_days(SOME[0].gas_day, SOME[-1].gas_day, seed=3)
]
_MADE: Final = {"pce": PCE, "exported_on": EXPORTED_ON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A file, and what is right to do with it.

    Attributes:
        build: returns its bytes.
        name: of the file.
        read: what it says, where reading it is right.
        asked: the questions that are right.
        refused: whether a refusal is right.
        no_box: whether a refusal must not offer to leave rows out.
        meter_known: whether the reader must name its meter.
        unwarned: warnings that it must not raise.
        unrefused: problems that do not say what is the matter.
    """

    build: Callable[[], bytes]
    name: str = ""
    read: Truth | None = None
    asked: frozenset[Question] = frozenset()
    refused: bool = False
    no_box: bool = False
    meter_known: bool = False
    unwarned: frozenset[str] = frozenset()
    unrefused: frozenset[str] = frozenset()


def fault(known: Known) -> str:
    """Return what is wrong with how a file was dealt with; empty: nothing."""
    content = known.build()
    try:
        file = read_export(content, today=TODAY, name=known.name)
    except ExportQuestionError as err:
        return _fault_of_question(known, content, err)
    except ExportFileError as err:
        return _fault_of_refusal(known, err)
    return _fault_of_read(known, file)


def _fault_of_question(known: Known, content: bytes, err: ExportQuestionError) -> str:
    if err.question not in known.asked:
        return f"asked: {err.question}"
    if known.read is None:
        return ""
    return "; ".join(judge(content, known.read, name=known.name).wrongs)


def _fault_of_refusal(known: Known, err: ExportFileError) -> str:
    if not known.refused or err.problem in known.unrefused:
        return f"refused: {err.problem}"
    if known.no_box and err.rows_can_be_left_out:
        return f"{err.problem} offers to leave rows out"
    return ""


def _fault_of_read(known: Known, file: ExportFile) -> str:
    if known.read is None:
        return "read"
    found = list(silent_wrongs(file, known.read))
    if known.meter_known and any(meter.pce is None for meter in file.meters):
        found.append("a meter without its PCE")
    warned = {str(each.problem) for each in file.warnings}
    found += [f"warned of {each}" for each in sorted(warned & known.unwarned)]
    return "; ".join(found[:5])


def _days(days: list[Day] = SOME, *, sheet: int = 1, **more: bool) -> Truth:
    truth = truth_of_days({PCE: days}, sheet=sheet)
    answers = {
        Question.PERIOD: (str(ExportKind.DAILY),),
        Question.GAS: (YES,),
        Question.SHEET: ("Données", str(sheet)),
        Question.ENERGY_COLUMN: (spreadsheet.ENERGY,),
    }
    return replace(truth, answers=answers, **more)  # type: ignore[arg-type]


def _months(*, edges_known: bool = True) -> Truth:
    return replace(
        truth_of_periods(ExportKind.MONTHLY, DAYS, pce=PCE, edges_known=edges_known),
        answers={Question.PERIOD: (str(ExportKind.MONTHLY),), Question.GAS: (YES,)},
    )


def _weeks() -> Truth:
    return truth_of_periods(ExportKind.WEEKLY, DAYS, pce=PCE)


_TWO: Final = {PCE: SOME, OTHER_PCE: OTHERS}
_BLOCK: Final = {PCE: DAYS[:90]}
_GAS: Final = frozenset({Question.GAS})
_PERIOD: Final = frozenset({Question.PERIOD})
_COLUMN: Final = frozenset({Question.ENERGY_COLUMN})
_SHEET: Final = frozenset({Question.SHEET})

OWN: Final[dict[str, Known]] = {
    "daily": Known(build=partial(layouts.build_daily, DAYS, **_MADE), read=_days(DAYS)),  # type: ignore[arg-type]
    "weekly": Known(build=partial(layouts.build_weekly, DAYS, **_MADE), read=_weeks()),  # type: ignore[arg-type]
    "monthly": Known(
        build=partial(layouts.build_monthly, DAYS, **_MADE),  # type: ignore[arg-type]
        read=_months(),
    ),
    "older daily": Known(
        build=partial(layouts.build_older_daily, DAYS, **_MADE),  # type: ignore[arg-type]
        read=_days(DAYS),
    ),
    "business": Known(
        build=partial(layouts.build_business, _TWO),
        read=truth_of_days(_TWO),
        meter_known=True,
    ),
    "business, indexes repeated over days": Known(
        build=partial(spreadsheet.repeated_indexes, _BLOCK),
        read=truth_of_days(_BLOCK),
        unwarned=frozenset({"index_backwards"}),
        meter_known=True,
    ),
    "text": Known(build=partial(layouts.build_text, DAYS, **_MADE), read=_days(DAYS)),  # type: ignore[arg-type]
}

_SAVED_AGAIN: Final = partial(spreadsheet.monthly_saved_again, DAYS, **_MADE)  # type: ignore[arg-type]

SPREADSHEETS: Final[dict[str, Known]] = {
    "months that became dates": Known(
        build=_SAVED_AGAIN, read=_months(), asked=_PERIOD
    ),
    "months that became dates, headed Mois": Known(
        build=partial(_SAVED_AGAIN, header="Mois"), read=_months(), asked=_PERIOD
    ),
    "two columns of energy": Known(
        build=partial(spreadsheet.two_sites, SOME), asked=_COLUMN, refused=True
    ),
    "euros on the left": Known(
        build=partial(
            spreadsheet.other_column_left,
            *(SOME, "Coût de l'énergie (€)", spreadsheet.euros),
        ),
        read=_days(zeros_unsure=True),
    ),
    "electricity on the left": Known(
        build=partial(
            spreadsheet.other_column_left,
            *(SOME, "Consommation électricité (kWh)", lambda day: day.gas_day.day),
        ),
        read=_days(zeros_unsure=True),
    ),
    "electricity on the left of energy headed otherwise": Known(
        build=partial(
            spreadsheet.other_column_left,
            *(SOME, "Consommation électricité (kWh)", lambda day: day.gas_day.day),
            own="Consommation gaz (kWh)",
        ),
        read=replace(
            _days(zeros_unsure=True),
            answers={Question.ENERGY_COLUMN: ("Consommation gaz (kWh)",)},
        ),
        asked=_COLUMN,
        refused=True,
    ),
    "MWh": Known(
        build=partial(spreadsheet.megawatt_hours, SOME),
        read=_days(zeros_unsure=True),
        refused=True,
    ),
    "1,100": Known(
        build=partial(text.daily_text, LARGE, decimal=".", thousands=","),
        read=_days(LARGE),
        refused=True,
    ),
    "1.100": Known(
        build=partial(text.daily_text, LARGE, decimal=",", thousands="."),
        read=_days(LARGE),
        refused=True,
    ),
    "1 100": Known(
        build=partial(text.daily_text, LARGE, thousands="\N{NARROW NO-BREAK SPACE}"),
        read=_days(LARGE),
    ),
    "mm/dd": Known(
        build=lambda: spreadsheet.one_sheet(
            spreadsheet.daily_rows(SOME, dates=spreadsheet.american)
        ),
        refused=True,
        no_box=True,
    ),
    "mm/dd by Excel": Known(
        build=lambda: spreadsheet.one_sheet(
            spreadsheet.daily_rows(SOME, dates=spreadsheet.swapped_by_excel)
        ),
        refused=True,
        no_box=True,
    ),
    "two-digit years": Known(
        build=lambda: spreadsheet.one_sheet(
            spreadsheet.daily_rows(SOME, dates=spreadsheet.two_digit_year)
        ),
        refused=True,
        no_box=True,
    ),
    "typed dates": Known(
        build=lambda: spreadsheet.one_sheet(
            spreadsheet.daily_rows(SOME, dates=lambda day: day.gas_day)
        ),
        read=_days(),
    ),
    "hours": Known(
        build=partial(spreadsheet.hourly, SOME[:5]),
        read=_days(SOME[:5], volume_shown=False, zeros_unsure=True),
        asked=_GAS | _PERIOD,
        refused=True,
    ),
    "merged meters": Known(
        build=partial(spreadsheet.merged_meters, _TWO),
        read=replace(truth_of_days(_TWO), zeros_unsure=True),
        meter_known=True,
    ),
    "a meter on its first row alone": Known(
        build=partial(spreadsheet.first_of_block_only, _TWO),
        read=replace(truth_of_days(_TWO), zeros_unsure=True),
        meter_known=True,
    ),
    "a sheet named by its meter": Known(
        build=partial(spreadsheet.named_by_meter, SOME, pce=PCE),
        read=_days(),
        meter_known=True,
    ),
    "subtotals": Known(
        build=partial(spreadsheet.with_subtotals, SOME), read=_days(), refused=True
    ),
    "a pivot table before it": Known(
        build=partial(spreadsheet.with_pivot, SOME),
        read=_days(sheet=2),
        asked=_SHEET,
        refused=True,
    ),
    "a pivot table alone": Known(
        build=lambda: spreadsheet.one_sheet(spreadsheet.pivot(DAYS)),
        read=_months(edges_known=False),
        asked=_GAS | _PERIOD,
        refused=True,
    ),
    "a hidden sheet": Known(
        build=partial(spreadsheet.with_hidden_sheet, SOME, OTHERS), read=_days(sheet=2)
    ),
    "hidden rows": Known(
        build=partial(
            spreadsheet.with_hidden_rows, SOME, [day.gas_day for day in SOME[10:20]]
        ),
        read=_days([*SOME[:10], *SOME[20:]]),
        refused=True,
    ),
    "two tables without a meter": Known(
        build=partial(spreadsheet.in_sheets, SOME, OTHERS), asked=_SHEET, refused=True
    ),
    "a qualification that is not known": Known(
        build=lambda: layouts.build_text(
            [
                replace(day, kwh=0, m3=0, qualification="Donnée indisponible")
                if day is SOME[3]
                else day
                for day in SOME
            ],
            **_MADE,  # type: ignore[arg-type]
        ),
        read=_days([replace(d, kwh=None) if d is SOME[3] else d for d in SOME]),
        refused=True,
    ),
}

ARCHIVES: Final[dict[str, Known]] = {
    "strict OOXML": Known(
        build=lambda: archives.strict(layouts.build_daily(DAYS, **_MADE)),  # type: ignore[arg-type]
        read=_days(DAYS),
        refused=True,
        unrefused=frozenset({"empty"}),
    ),
    "an archive around a workbook": Known(
        build=lambda: archives.zipped(layouts.build_daily(DAYS, **_MADE)),  # type: ignore[arg-type]
        name="export.zip",
        read=_days(DAYS),
        refused=True,
        unrefused=frozenset({"not_a_workbook", "damaged"}),
    ),
    "an archive around two": Known(
        build=lambda: archives.zipped(
            layouts.build_daily(DAYS, **_MADE),  # type: ignore[arg-type]
            *("1.xlsx", "2.xlsx"),
        ),
        name="export.zip",
        refused=True,
        unrefused=frozenset({"not_a_workbook", "damaged"}),
    ),
    "rows far below": Known(build=archives.rows_far_below, refused=True),
    "a part named often": Known(
        build=lambda: archives.part_named_often(layouts.build_daily(DAYS, **_MADE)),  # type: ignore[arg-type]
        refused=True,
    ),
}

TEXTS: Final[dict[str, Known]] = {
    **{
        f"text in {encoding}": Known(
            build=partial(text.daily_text, SOME, encoding=encoding), read=_days()
        )
        for encoding in text.ENCODINGS
    },
    "text with sep=;": Known(
        build=partial(text.daily_text, SOME, sep_line=True),  # type: ignore[arg-type]
        read=_days(),
    ),
    "text with tabs": Known(
        build=partial(text.daily_text, SOME, delimiter="\t"), read=_days()
    ),
    "text with quoted commas": Known(
        build=partial(text.daily_text, SOME, delimiter=","), read=_days()
    ),
}

STRANGERS: Final[dict[str, Known]] = {
    name: Known(build=build, refused=True)
    for name, build in {
        "Enedis, daily": strangers.enedis_daily,
        "Enedis, readings": strangers.enedis_readings,
        "Enedis, Wh": strangers.enedis_wh,
        "a supplier's daily electricity": strangers.edf_daily,
        "a supplier's bills": strangers.bills,
        "a supplier's bills with periods": strangers.bill_periods,
        "Home Assistant's history": strangers.home_assistant_history,
        "Home Assistant's statistics": strangers.home_assistant_statistics,
        "Home Assistant's Energy dashboard": strangers.home_assistant_energy,
        "own euros": strangers.own_costs,
        "own euros of energy": strangers.own_costs_of_energy,
        "water": strangers.water,
    }.items()
} | {
    "solar": Known(build=strangers.solar, asked=_COLUMN | _GAS, refused=True),
}

CASES: Final[dict[str, Known]] = OWN | SPREADSHEETS | ARCHIVES | TEXTS | STRANGERS
