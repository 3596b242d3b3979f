"""Schedules of weather are read strictly, and those of the repository are right."""

from copy import deepcopy
from datetime import date
import json
from pathlib import Path
import re
from typing import Any

import pytest

from .schedule_files import load, load_all, read
from .weather import CALL_KINDS, RIGHT_KINDS, ScheduleError

GOOD: dict[str, Any] = {
    "name": "an example",
    "first_day": "2026-10-01",
    "days": 10,
    "weather": [
        {"meter": "flat", "call": "*", "from": 2, "to": 3, "kind": "http_500"},
        {"meter": "farm", "from": 2, "to": 3, "kind": "right_revoked"},
    ],
    "expect": [{"meter": "flat", "from": 3, "to": 3, "must": ["meter_failing"]}],
}


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the good schedule with another value (None: without it) at a path."""
    whole = deepcopy(GOOD)
    *folders, name = [int(part) if part.isdigit() else part for part in path.split("/")]
    place: Any = whole
    for folder in folders:
        place = place[folder]
    if value is None:
        del place[name]
    else:
        place[name] = value
    return whole


def test_a_schedule_holds_what_its_file_says() -> None:
    schedule = read(GOOD)

    assert (schedule.first_day, schedule.days) == (date(2026, 10, 1), 10)
    failing, revoked = schedule.weather
    assert (failing.meter, failing.call, failing.kind) == ("flat", "*", "http_500")
    assert [failing.holds_on(day) for day in (1, 2, 3, 4)] == [False, True, True, False]
    assert revoked.call is None
    assert schedule.expected[0].must == {"meter_failing"}


@pytest.mark.parametrize(
    ("path", "value", "cause"),
    [
        ("name", None, "schedule: ['name'] missing"),
        ("colour", "red", "schedule: ['colour'] unknown"),
        ("first_day", "1 October", "first_day: a date like 2026-10-01 is expected"),
        ("days", 0, "schedule.days: 0 is not within 1 to 400"),
        ("days", True, "schedule.days: a whole number is expected"),
        ("weather", {}, "weather: a list is expected"),
        ("weather/0/meter", "house_9", "weather[0].meter: 'house_9' is none of"),
        ("weather/0/kind", "rain", "weather[0].kind: 'rain' is none of"),
        ("weather/0/call", "consos", "weather[0].call: 'consos' is none of"),
        ("weather/0/call", None, "weather[0]: this kind needs a call"),
        ("weather/0/to", 10, "weather[0].to: 10 is not within 2 to 9"),
        ("weather/0/to", 1, "weather[0].to: 1 is not within 2 to 9"),
        ("weather/0/until", 3, "weather[0]: ['until'] unknown"),
        ("weather/0/call", "token", "weather[0]: token concerns every meter"),
        ("weather/0/kind", "withheld", "weather[0]: withheld is of donnees_consos"),
        ("weather/0/fields", {"a": 1}, "weather[0]: fields go with right_fields"),
        ("weather/1/call", "*", "weather[1]: a kind of the register has no call"),
        ("weather/1/meter", "*", "weather[1]: a kind of the register concerns one"),
        ("weather/1/kind", "right_fields", "weather[1]: fields go with right_fields"),
        ("expect/0/must", ["broken"], "expect[0].must[0]: 'broken' is none of"),
        ("expect/0/must", [], "expect[0]: must, may or must_not is needed"),
        ("expect/0/must_not", ["meter_failing"], "both allowed and forbidden"),
        ("expect/0/reason", "maybe", "expect[0].reason: 'maybe' is none of"),
    ],
)
def test_what_breaks_the_format_is_refused_with_its_place(
    path: str, value: object, cause: str
) -> None:
    with pytest.raises(ScheduleError, match=re.escape(cause)):
        read(changed(path, value))


@pytest.mark.parametrize(
    ("call", "meter"), [("*", "flat"), ("donnees_consos_publiees", "*")]
)
def test_two_kinds_of_weather_never_decide_about_one_call(
    call: str, meter: str
) -> None:
    more = {"meter": meter, "call": call, "from": 3, "to": 5, "kind": "html"}

    with pytest.raises(
        ScheduleError, match=re.escape("weather[2] overlaps weather[0]")
    ):
        read(changed("weather", [*GOOD["weather"], more]))
    read(changed("weather", [*GOOD["weather"], more | {"from": 4}]))


def test_a_file_is_named_where_it_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_text('{"name": "a", "name": "b"}')
    with pytest.raises(ScheduleError, match=r"twice\.json: a key stands twice"):
        load(file)
    file.write_text("{")
    with pytest.raises(ScheduleError, match=r"twice\.json: "):
        load(file)


def test_every_schedule_of_the_repository_is_read() -> None:
    schedules = list(load_all())

    assert len({schedule.name for schedule in schedules}) == len(schedules) > 0


def test_every_kind_is_defined_in_words() -> None:
    words = (Path(__file__).with_name("weather.py")).read_text("utf-8").split('"""')[1]

    kinds = CALL_KINDS | RIGHT_KINDS
    assert {kind for kind in kinds if kind not in words} == set()
    assert json.loads(words.split("\n\n")[2].replace("\n    ", "\n"))["days"] == 30
