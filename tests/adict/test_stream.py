"""The splitter: whatever stands between objects, and wherever they break."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings, strategies as st
import orjson
import pytest

from custom_components.grdf_adict.adict.stream import (
    DEEPEST_NESTING,
    LARGEST_OBJECT,
    Defect,
    Event,
    ObjectSplitter,
)

A, B, C = {"a": 1}, {"b": {"x": [1, 2]}}, {"c": 'é } { " \\ ] \u00a0'}
CUT, NOT_JSON, STRAY = Defect.CUT, Defect.NOT_JSON, Defect.STRAY


def split(data: bytes, size: int | None = None) -> list[Event]:
    splitter = ObjectSplitter()
    step = size or max(1, len(data))
    events: list[Event] = []
    for at in range(0, len(data), step):
        events += splitter.feed(data[at : at + step])
    return events + splitter.close()


def objects(events: list[Event]) -> list[dict[str, Any]]:
    return [event for event in events if not isinstance(event, Defect)]


def dump(*wires: object, pretty: bool = False, between: bytes = b"\n") -> bytes:
    option = orjson.OPT_INDENT_2 if pretty else 0
    return between.join(orjson.dumps(wire, option=option) for wire in wires)


GOOD_STREAMS = {
    "one a line": dump(A, B, C) + b"\n",
    "no last line end": dump(A, B, C),
    "pretty-printed": dump(A, B, C, pretty=True),
    "touching": dump(A, B, C, between=b""),
    "pretty and touching": dump(A, B, C, pretty=True, between=b""),
    "CR and LF": dump(A, B, C, between=b"\r\n"),
    "CR alone": dump(A, B, C, between=b"\r"),
    "blank lines": b"\n\n" + dump(A, B, C, between=b"\n \n\t\n") + b"\n\n",
    "NBSP between": dump(A, B, C, between=b"\xc2\xa0\n\xc2\xa0"),
    "a BOM": b"\xef\xbb\xbf" + dump(A, B, C),
    "stray bytes ahead": b"\x00data: [1] ]" + dump(A, B, C),
    "a list": dump([A, B, C]),
    "a pretty list": dump([A, B, C], pretty=True),
    "a list, one a line": b"[\n" + dump(A, B, C, between=b",\n") + b"\n]\n",
    "a BOM and a list": b"\xef\xbb\xbf [" + dump(A, B, C, between=b",") + b"]",
}


@pytest.mark.parametrize("size", [None, 1, 2, 3, 7])
@pytest.mark.parametrize("data", GOOD_STREAMS.values(), ids=GOOD_STREAMS)
def test_objects_are_found_whatever_separates_them(
    data: bytes, size: int | None
) -> None:
    assert split(data, size) == [A, B, C]


@pytest.mark.parametrize("size", [None, 1, 5])
@pytest.mark.parametrize("pretty", [False, True])
def test_a_wrapper_gives_its_elements_and_then_its_other_fields(
    size: int | None, *, pretty: bool
) -> None:
    wrapped = {"liste_acces": [A, B], "code_statut_traitement": "0000000000"}
    rest = {"code_statut_traitement": "0000000000"}
    assert split(dump(wrapped, pretty=pretty), size) == [A, B, rest]


@pytest.mark.parametrize("size", [None, 1, 5])
@pytest.mark.parametrize("wrapper", [{"liste_acces": []}, {"liste_acces": [A]}])
def test_a_bare_wrapper_leaves_an_empty_object(
    size: int | None, wrapper: dict[str, list[Event]]
) -> None:
    assert split(dump(wrapper), size) == [*wrapper["liste_acces"], {}]


@pytest.mark.parametrize("size", [None, 1, 5])
def test_a_wrapper_s_list_may_come_last_or_be_null(size: int | None) -> None:
    last = {"code": "0", "liste_acces": [A, 3, B]}
    null = {"liste_acces": None}
    assert split(dump(last, null), size) == [A, B, {"code": "0"}, {}]


def test_a_list_of_rights_may_be_longer_than_the_largest_object() -> None:
    right = {"id": "x" * 1_000}
    data = dump({"liste_acces": [right] * 2_000})
    assert split(data, 65_536) == [right] * 2_000 + [{}]


@pytest.mark.parametrize("size", [None, 1, 5])
@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b'{"a": tru}\n{"a":1}\n', [NOT_JSON, A]),
        (b'{"a": ,}{"a":1}', [NOT_JSON, A]),
        (b'{"a": 1]}\n{"a":1}\n', [NOT_JSON, A]),
        (b'{"a": [1}\n{"a":1}\n', [NOT_JSON, A]),
        # cut within a number, a string, a list, behind a colon, a comma, a backslash
        (b'{"z": {"y": 1\n{"a":1}\n', [NOT_JSON, A]),
        (b'{"z": {"y": "t\n{"a":1}\n{"a":1}\n', [NOT_JSON, A, A]),
        (b'{"z": [{"y": 1}, 2\n{"a":1}\n{"a":1}\n', [NOT_JSON, A, A]),
        (b'{"z": \n{"a":1}\n{"a":1}\n', [NOT_JSON, A, A]),
        (b'{"z": 1,\n{"a":1}\n{"a":1}\n', [NOT_JSON, A, A]),
        (b'{"z": "\\\n{"a":1}\n', [NOT_JSON, A]),
        (b'{"z": {"y": 1, {"a":1}{"a":1}', [NOT_JSON, A, A]),
        (b'{"z": {"y": {"x": 1}{"a":1}{"a":1}', [NOT_JSON, A, A]),
        (b'[{"a":1},{"z": [1, 2},{"a":1}]', [A, NOT_JSON, A]),
        (b'{"a":1}\nsorry\n{"a":1}\n', [A, STRAY, A]),
        (b'{"a":1}\n<html>5 > 4</html>', [A, STRAY]),
        (b'{"a": "\xff"}\n{"a":1}', [NOT_JSON, A]),
    ],
)
def test_a_broken_object_is_reported_and_the_next_one_read(
    data: bytes, events: list[Event], size: int | None
) -> None:
    assert split(data, size) == events


def test_a_pretty_object_cut_in_a_string_does_not_swallow_the_next() -> None:
    whole = dump(B, pretty=True)
    cut = dump(C, pretty=True)[:8]
    assert split(whole + cut + b"\n" + whole + whole) == [B, NOT_JSON, B, B]


@pytest.mark.parametrize("size", [None, 1])
@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1}\n{"b"',
        b'{"a":1}{"b": "x',
        b'{"a":1}\n{',
        b'[{"a":1}',
        b'[{"a":1},',
        b'{"liste_acces":[{"a":1}]',
        b'{"liste_acces":[{"a":1}],"x"',
    ],
)
def test_a_stream_that_ends_too_early_is_reported(
    data: bytes, size: int | None
) -> None:
    assert split(data, size) == [A, CUT]


def test_every_cut_of_a_block_is_noticed() -> None:
    data = dump(B, C, pretty=True)
    first = len(dump(B, pretty=True)) + 1
    for end in range(first + 1, len(data)):
        assert split(data[:end]) == [B, CUT]


def test_nbsp_within_an_object_is_a_blank() -> None:
    assert split(b'{\n\xc2\xa0 "a": 1\n}{"a":1}') == [A, A]


def test_nbsp_does_not_repair_what_is_broken_otherwise() -> None:
    assert split(b'{\xc2\xa0"a": }{"a":1}') == [NOT_JSON, A]


@pytest.mark.parametrize("size", [None, 1_000, 65_536])
@pytest.mark.parametrize("between", [b"\n", b""])
def test_an_object_over_one_megabyte_is_refused_and_skipped(
    between: bytes, size: int | None
) -> None:
    largest = {"z": "x" * (LARGEST_OBJECT - 8)}
    too_large = {"z": "x" * (LARGEST_OBJECT - 7)}
    assert len(dump(largest)) == LARGEST_OBJECT
    data = dump(A, largest, too_large, B, between=between)
    assert split(data, size) == [A, largest, Defect.TOO_LARGE, B]


@pytest.mark.parametrize("size", [None, 1])
@pytest.mark.parametrize("between", [b"\n", b""])
@pytest.mark.parametrize(("opening", "closing"), [(b'{"a":', b"}"), (b"[", b"]")])
def test_nesting_over_fifty_is_refused_and_skipped(
    opening: bytes, closing: bytes, between: bytes, size: int | None
) -> None:
    def nest(depth: int) -> bytes:
        inner = opening * (depth - 1) + b"1" + closing * (depth - 1)
        return b'{"a":' + inner + b"}"

    deepest, too_deep = nest(DEEPEST_NESTING), nest(DEEPEST_NESTING + 1)
    events = split(between.join([deepest, too_deep, dump(A)]), size)
    assert events == [orjson.loads(deepest), Defect.TOO_DEEP, A]


def test_a_flat_object_may_have_many_brackets() -> None:
    wide: Event = {"a": [{"b": []}] * 100}
    assert split(dump(wide, A)) == [wide, A]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.lists(
    st.dictionaries(st.text(min_size=1, max_size=4), JSON, min_size=1, max_size=4),
    min_size=1,
    max_size=5,
)
SEPARATORS = st.sampled_from([b"\n", b"", b"\r\n", b" \xc2\xa0\n", b"\n\n", b"\r"])


def chunked(data: bytes, cuts: list[int]) -> list[Event]:
    splitter = ObjectSplitter()
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    events: list[Event] = []
    for start, end in pairwise(edges):
        events += splitter.feed(data[start:end])
    return events + splitter.close()


@given(
    OBJECTS, SEPARATORS, st.integers(0, 1), st.lists(st.integers(0, 10**6), max_size=20)
)
def test_any_chunking_gives_the_same_objects(
    wires: list[dict[str, Any]],
    between: bytes,
    option: int,
    cuts: list[int],
) -> None:
    data = dump(*wires, pretty=option == 1, between=between)
    assert chunked(data, cuts) == wires


@settings(max_examples=300)
@given(
    OBJECTS,
    SEPARATORS,
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
    st.lists(st.integers(0, 10**6), max_size=8),
)
def test_any_damage_is_reported_the_same_way_however_it_is_chunked(
    wires: list[dict[str, Any]],
    between: bytes,
    damage: list[tuple[int, int]],
    cuts: list[int],
) -> None:
    data = bytearray(dump(*wires, between=between))
    for place, byte in damage:
        data[place % len(data)] = byte
    whole = split(bytes(data))
    assert chunked(bytes(data), cuts) == whole
    assert split(bytes(data), 1) == whole


@given(st.binary(max_size=200))
def test_any_bytes_are_objects_or_reports(data: bytes) -> None:
    assert all(isinstance(event, dict | Defect) for event in split(data))


@given(st.text('{}[]",:\\\n 1a', max_size=60))
def test_any_soup_of_brackets_is_split_the_same_way_however_it_is_chunked(
    soup: str,
) -> None:
    assert split(soup.encode(), 1) == split(soup.encode())


@given(OBJECTS, st.integers(0, 10**6))
def test_whole_lines_around_a_cut_line_survive_it(
    wires: list[dict[str, Any]], place: int
) -> None:
    lines = [orjson.dumps(wire) for wire in wires]
    cut = lines[0][: 1 + place % (len(lines[0]) - 1)]
    data = b"\n".join([*lines, cut, *lines])
    found = objects(split(data))
    assert found[: len(wires)] == wires
    assert found[-len(wires) :] == wires
