"""The frame of the benchmark, and the homes that it simulates."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
import json
from pathlib import Path
from random import Random

import pytest

from custom_components.grdf_adict.metering.insight.anomaly import (
    Anomaly,
    AnomalyKind,
    Confidence,
)
from custom_components.grdf_adict.metering.series import RowKind

from . import watching
from .__main__ import main
from .asked import Asked
from .figures import Figure
from .houses import FIRST, KINDS, LAST, Kind, fits, house
from .planted import COUNTS, Fault, Planted, plant
from .unusual import judged
from .watching import LATE, WATCHED_FROM, Alarm, Watched, watch

LEAK = Planted(Fault.BASE_LOAD, date(2025, 2, 3), date(2025, 9, 1))


def planted(seed: int = 1) -> list[tuple[Planted, ...]]:
    return plant(Random(seed), KINDS, fits, WATCHED_FROM, LAST - LATE)  # noqa: S311


def good(asked: Asked) -> Iterator[Figure]:
    yield Figure("seed", asked.seed, "")
    yield Figure.at_most("memory", 2, 2, "MiB")


def bad(asked: Asked) -> Iterator[Figure]:  # noqa: ARG001
    figure = Figure.at_least("share", 79.9, 80, "%")
    yield figure.explained(lambda: "the rest was eaten")


def test_all_parts_run_and_one_alone_can(capsys: pytest.CaptureFixture[str]) -> None:
    parts = {"good": good, "bad": bad}

    assert main([], parts) == 1
    told = capsys.readouterr().out
    assert "NOT OK" in told
    assert told.endswith(
        "1 of these miss their bound:\n"
        "  bad: share: 79.90 %, to be >= 80\n"
        "    the rest was eaten\n"
    )
    assert main(["good", "--seed", "7"], parts) == 0
    told = capsys.readouterr().out
    assert "7.00" in told
    assert "share" not in told
    assert told.endswith("Every bound is kept.\n")


def test_figures_are_kept_as_json(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"

    main(["bad", "--json", str(file)], {"bad": bad})

    assert json.loads(file.read_text("utf-8")) == [
        {
            "part": "bad",
            "name": "share",
            "value": 79.9,
            "unit": "%",
            "bound": ">= 80",
            "ok": False,
            "why": "the rest was eaten",
        }
    ]


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["other"], {"good": good})


def test_a_seed_always_gives_the_same_homes() -> None:
    assert house(1, 4) == house(1, 4)
    assert house(1, 4).rows != house(2, 4).rows
    assert planted() == planted()


@pytest.mark.parametrize("number", [0, 30, 37, 40, 45])
def test_homes_are_told_in_whole_kwh_with_days_left_out(number: int) -> None:
    home = house(3, number)

    assert len(home.rows) == (LAST - FIRST).days + 1
    energies = [row.energy for row in home.rows if row.energy is not None]
    assert all(energy == int(energy) >= 0 for energy in energies)
    assert 0 < len(home.rows) - len(energies) < 0.05 * len(home.rows)
    assert any(row.kind is RowKind.SPREAD for row in home.rows)


def test_a_hundred_faults_are_planted_apart_where_they_fit() -> None:
    homes = planted()

    faults = [one for those in homes for one in those]
    assert tuple(Counter(one.fault for one in faults)[fault] for fault in Fault) == (
        COUNTS
    )
    for kind, those in zip(KINDS, homes, strict=True):
        assert all(fits(kind, one.fault) for one in those)
        assert all(before.end < after.onset for before, after in pairwise(those))
        assert all(WATCHED_FROM <= one.onset < one.found_by <= LAST for one in those)


def test_a_fault_adds_its_gas_and_changes_nothing_else() -> None:
    sound, leaking = house(1, 45), house(1, 45, (LEAK,))

    for before, after in zip(sound.rows, leaking.rows, strict=True):
        assert (before.gas_day, before.kind) == (after.gas_day, after.kind)
        if before.energy is not None and after.energy is not None:
            added = 10 if LEAK.onset <= before.gas_day < LEAK.end else 0
            assert after.energy == pytest.approx(before.energy + added, abs=1)


@pytest.mark.parametrize(
    ("fault", "size", "expected"),
    [(Fault.BASE_LOAD, 0, 125), (Fault.WINDOW, 0.5, 165), (Fault.BOILER, 0, 131.5)],
)
def test_a_fault_burdens_the_part_that_it_is_of(
    fault: Fault, size: float, expected: float
) -> None:
    one = Planted(fault, date(2025, 1, 1), date(2025, 3, 1), size)

    def used(day: date) -> float:
        return sum(one.burden(day, heat=100, water=10, other=5))

    assert used(date(2025, 1, 30)) == pytest.approx(expected)
    assert used(date(2024, 12, 31)) == used(date(2025, 3, 1)) == 115


def test_a_delay_of_a_base_load_counts_from_the_summer() -> None:
    assert LEAK.counts_from == date(2025, 6, 1)
    assert LEAK.found_by == LEAK.found_early_by == date(2025, 7, 16)
    autumn = Planted(Fault.BASE_LOAD, date(2025, 10, 1), date(2026, 8, 1))
    assert autumn.found_by == date(2026, 7, 16)
    assert autumn.found_early_by == date(2025, 11, 15)


def test_an_owner_is_told_once_and_no_sooner_than_the_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "WATCHED_FROM", date(2025, 5, 10))
    monkeypatch.setattr(watching, "LAST", date(2025, 7, 20))
    leak = Planted(Fault.BASE_LOAD, date(2025, 6, 10), date(2025, 9, 1))

    home = watch(1, 45, (leak,), outdoor=False)

    assert home.kind is Kind.COOKING
    assert home.alarms_without == ()
    told = home.told[leak]
    assert told is not None
    # Five of seven days, and three until they are known.
    assert date(2025, 6, 17) <= told <= date(2025, 6, 30)


def test_what_became_of_the_homes_is_told_and_judged() -> None:
    finding = Anomaly(
        AnomalyKind.DAY, FIRST, FIRST, 1.0, 50.0, 1, 0, confidence=Confidence.LOW
    )
    window = Planted(Fault.WINDOW, date(2025, 1, 5), date(2025, 1, 12), 0.5)
    boiler = Planted(Fault.BOILER, date(2025, 1, 5), date(2025, 4, 12))
    restless = Watched(
        Kind.BOILER,
        tuple(Alarm(FIRST, finding) for _ in range(9)),
        {LEAK: date(2025, 5, 2), window: date(2025, 1, 15), boiler: None},
    )
    quiet = Watched(Kind.COOKING, (), {LEAK: None})

    figures = {one.name: one for one in judged([restless, quiet], "in words")}

    leaks = figures["in words: base load told within 45 days"]
    assert (leaks.value, leaks.ok) == (50, False)
    assert figures["in words: open window told within 45 days"].value == 100
    assert figures["in words: open window, median delay"].value == 10
    assert figures["in words: base load, median delay"].value == 0
    alarms = figures["in words: false alarms a home and year"]
    assert (alarms.value, alarms.ok) == (2.25, False)
