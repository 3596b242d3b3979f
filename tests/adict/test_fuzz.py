"""Any input from GRDF gives an answer or an `AdictError`."""

from typing import Any

from hypothesis import given, settings, strategies as st
import orjson

from custom_components.grdf_adict.adict import AdictError, Answer
from custom_components.grdf_adict.adict.answer import CutEarlyError, Intake
from custom_components.grdf_adict.adict.grant import read_declared_right
from custom_components.grdf_adict.adict.models.access_right import read_access_right
from custom_components.grdf_adict.adict.models.consumption import (
    read_consumption,
    read_injection,
)
from custom_components.grdf_adict.adict.models.contract import read_contract_data
from custom_components.grdf_adict.adict.models.technical import read_technical_data
from custom_components.grdf_adict.adict.stream import ObjectSplitter

from .payloads import line, payload

READERS: dict[str, tuple[Any, str]] = {
    "right": (read_access_right, "id_pce"),
    "published": (read_consumption, "consommation"),
    "informative": (read_consumption, "consommation"),
    "injection": (read_injection, "injection"),
    "declared": (read_declared_right, "id_pce"),
    "contract": (read_contract_data, "donnees_contractuelles"),
    "technical": (read_technical_data, "donnees_techniques"),
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["NaN", "-1", "1e400", "9999-12-31", "0001-01-01T00:00:00+14:00"]),
    st.sampled_from(["2021-08-16T06:00:00", "9999-12-31T23:59:59-14:00", [], {}, [{}]]),
)


def take(name: str, data: bytes) -> Answer[Any] | None:
    read, content = READERS[name]
    intake: Intake[Any] = Intake(read, content=content)
    splitter = ObjectSplitter()
    try:
        for event in [*splitter.feed(data), *splitter.close()]:
            intake.take(event)
        return intake.answer()
    except AdictError, CutEarlyError:
        return None


def places(wire: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(wire, dict):
        return [path]
    return [path, *(each for key in wire for each in places(wire[key], (*path, key)))]


def put(wire: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        wire = wire[key] if isinstance(wire.get(key), dict) else {}
    if path:
        wire[path[-1]] = value


@settings(max_examples=400)
@given(st.data())
def test_any_value_in_any_field_gives_an_answer_or_an_error(
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from(sorted(READERS)))
    wire = payload(name)
    for _ in range(data.draw(st.integers(1, 3))):
        put(wire, data.draw(st.sampled_from(places(wire))), data.draw(ODD))
    answer = take(name, line(wire))
    for item in answer.items if answer else ():
        if name in {"published", "informative", "injection"}:
            assert item.start < item.end
            assert item.energy is None or 0 <= item.energy < float("inf")


@settings(max_examples=400)
@given(
    st.sampled_from(sorted(READERS)),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=5),
)
def test_any_flipped_byte_gives_an_answer_or_an_error(
    name: str, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(line(payload(name)) * 2)
    for place, byte in damage:
        data[place % len(data)] = byte
    answer = take(name, bytes(data))
    assert answer is None or len(answer.items) <= 2


@given(st.sampled_from(sorted(READERS)), st.integers(0, 10**6))
def test_a_stream_cut_anywhere_is_incomplete_or_an_error(name: str, place: int) -> None:
    one = orjson.dumps(payload(name))
    data = one + b"\n" + one
    answer = take(name, data[: len(one) + 2 + place % (len(one) - 1)])
    assert answer is not None
    assert (len(answer.items), answer.complete) == (1, False)
