"""From a stream of bytes to JSON objects, whatever separates them.

GRDF announces NDJSON; its streams may also be pretty-printed, touching (`}{`), wrapped
in a list, cut, or broken half-way (API notes §3).
"""

from collections.abc import Iterator
from enum import StrEnum
import re
from typing import Any, Final

import orjson

LARGEST_OBJECT: Final = 1_000_000
DEEPEST_NESTING: Final = 50


class Defect(StrEnum):
    """Why a part of a stream gave no object."""

    CUT = "cut"
    NOT_JSON = "not JSON"
    TOO_LARGE = "over 1 MB"
    TOO_DEEP = "nested deeper than 50"
    STRAY = "stray bytes"


type Event = dict[str, Any] | Defect

_QUOTE, _COMMA, _COLON = b'",:'
_OBJECT, _OBJECT_END, _LIST, _LIST_END = b"{}[]"
_CLOSER: Final = {_OBJECT: _OBJECT_END, _LIST: _LIST_END}
_LINE_ENDS: Final = b"\r\n"
# NBSP and BOM count as blanks between objects: in UTF-8, byte by byte.
_BLANKS: Final = b" \t\r\n\xc2\xa0\xef\xbb\xbf"
_HARMLESS: Final = _BLANKS + b",[]}"
_NBSP: Final = b"\xc2\xa0"

# Possessive throughout: one match reads no byte twice. The first goes to the
# next bracket outside strings, or to a string that does not end here.
_TO_BRACKET: Final = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\\r\n]++|\\[^\r\n])*+")*+')
_IN_STRING: Final = re.compile(rb'(?:[^"\\\r\n]++|\\[^\r\n])*+')
_WRAPPER: Final = re.compile(rb'\{\s*+"liste_acces"\s*+:\s*+\[\Z')
_AROUND: Final = re.compile(rb"[\[\],}]")


class ObjectSplitter:
    """Splits a stream into objects; no byte is scanned more than a few times.

    Where an object breaks off, reading continues at the next likely start of one: a
    `{` that begins a line or follows a `}`. The elements of a wrapper
    (`{"liste_acces": [...]}`, or a bare list) come one by one, then an object with the
    wrapper's other fields, even if it has none.
    """

    def __init__(self) -> None:
        """Create a splitter for one stream."""
        self._data = bytearray()
        self._at = 0
        self._events: list[Event] = []
        # The object being scanned: where it starts, the closers it still needs.
        self._start: int | None = None
        self._closers = bytearray()
        self._in_string = False
        # The closers of what is open around the objects.
        self._around = bytearray()
        # After a break: looking for a start, `_sure_start` at the latest.
        self._lost = False
        self._ever_lost = False
        self._sure_start = -1
        # Everything before this has been scanned, as part of a broken object.
        self._scanned = 0
        # Up to here the attempt to read a whole line has failed.
        self._line_tried = 0
        # Of what was dropped from `_data`: the last byte, the last that is no blank.
        self._last_byte = _LINE_ENDS[0]
        self._last_mark = 0
        self._begun = False
        self._has_text = False
        self._stray_reported = False

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Yield what these bytes complete.

        Exhaust the iterator before feeding the next bytes. Objects come one by one
        because one that is used at once is still in the processor's cache.
        """
        self._data += chunk
        yield from self._run()
        self._drop_read()

    def close(self) -> list[Event]:
        """Return the last events, once the stream has ended."""
        cut = self._start is not None or (bool(self._around) and not self._ever_lost)
        left: list[Event] = []
        while self._start is not None:
            self._give_up(self._start, len(self._data))
            left += self._run()
        if cut:
            left.append(Defect.CUT)
        if self._has_text and not self._begun:
            left.append(Defect.STRAY)
        return left

    def _taken(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _run(self) -> Iterator[Event]:
        is_waiting = False
        while self._at < len(self._data) and not is_waiting:
            if self._start is not None:
                self._scan(self._start)
                is_waiting = self._start is not None
            elif self._lost:
                self._find_likely_start()
            elif self._reach_object():
                yield from self._taken()
                yield from self._read_lines()
                if self._data.startswith(b"{", self._at):
                    self._begin(self._at)
            yield from self._taken()

    def _drop_read(self) -> None:
        """Drop the bytes that are not needed any more."""
        read = self._at if self._start is None else self._start
        if not read:
            return
        self._last_byte = self._data[read - 1]
        self._last_mark = self._mark_before(read)
        del self._data[:read]
        self._at -= read
        self._scanned -= read
        self._sure_start -= read
        self._line_tried = 0
        if self._start is not None:
            self._start = 0

    def _mark_before(self, place: int) -> int:
        """Return the last byte ahead of a place that is no blank."""
        data = self._data
        while place > 0:
            place -= 1
            if data[place] not in _BLANKS:
                return data[place]
        return self._last_mark

    def _begin(self, start: int) -> None:
        self._start = self._at = start
        self._closers.clear()
        self._in_string = False
        self._lost = self._stray_reported = False

    # Between objects

    def _reach_object(self) -> bool:
        """Read up to the next object; return whether one begins there."""
        found = self._data.find(b"{", self._at)
        start = len(self._data) if found < 0 else found
        if start > self._at:
            self._read_stray(start)
            if self._start is not None or found < 0:
                return False
        if not self._begun:
            self._begun = True
            if self._mark_before(start) == _LIST:
                self._around.append(_LIST_END)
        return True

    def _read_lines(self) -> Iterator[Event]:
        """Read lines that are one object each, as far as they come."""
        data, at = self._data, self._at
        while at >= self._line_tried and data.startswith(b"{", at):
            end = data.find(b"\n", at)
            if end < 0:
                # To search again at each object would take quadratic time.
                self._line_tried = len(data)
                return
            found = _parse_line(data[at:end])
            if found is None:
                self._line_tried = end
                return
            self._stray_reported = False
            self._at = at = end + 1
            yield found

    def _read_stray(self, end: int) -> None:
        """Read bytes that belong to no object: blanks, and what wraps objects."""
        start, self._at = self._at, end
        stray = bytes(self._data[start:end])
        if not self._begun:
            self._has_text |= bool(stray.translate(None, _HARMLESS))
            return
        for match in _AROUND.finditer(stray):
            mark = match[0][0]
            inmost = self._around[-1] if self._around else None
            if mark == _LIST and len(self._around) < DEEPEST_NESTING:
                self._around.append(_LIST_END)
            elif mark == inmost:
                self._around.pop()
                if mark == _OBJECT_END:
                    self._events.append({})
            elif mark == _COMMA and inmost == _OBJECT_END:
                # The wrapper's other fields: an object whose brace was read already.
                self._around.pop()
                stray = stray[: match.start()]
                self._data[start + match.start()] = _OBJECT
                self._begin(start + match.start())
                break
        if stray.translate(None, _HARMLESS) and not self._stray_reported:
            self._stray_reported = True
            self._events.append(Defect.STRAY)

    # Within an object

    def _scan(self, start: int) -> None:
        """Scan an object to its end, its break, or the last byte so far."""
        data = self._data
        while self._start is not None:
            steps = _IN_STRING if self._in_string else _TO_BRACKET
            # A match would keep the buffer from growing: store only its end.
            at = self._at = steps.match(data, self._at).end()  # type: ignore[union-attr]
            if at - start >= LARGEST_OBJECT:
                self._break(Defect.TOO_LARGE, start, start + LARGEST_OBJECT)
            elif at == len(data):
                return
            elif data[at] == _QUOTE:
                self._in_string = not self._in_string
                self._at = at + 1
            elif not self._in_string:
                self._at = at + 1
                self._take_bracket(start, at)
            elif data[at] in _LINE_ENDS or len(data) > at + 1:
                self._break(Defect.NOT_JSON, start, at)
            else:
                # A backslash, whose other half is still to come.
                return

    def _take_bracket(self, start: int, at: int) -> None:
        data, closers = self._data, self._closers
        mark = data[at]
        if (closer := _CLOSER.get(mark)) is None:
            if closers[-1] != mark:
                self._break(Defect.NOT_JSON, start, at)
                return
            closers.pop()
            if not closers:
                self._end(data[start : at + 1])
            return
        if closers and not self._may_open(at):
            # Not JSON: a brace here is the start of a new object.
            sure_start = at if mark == _OBJECT else -1
            self._break(Defect.NOT_JSON, start, at, sure_start)
            return
        if len(closers) == DEEPEST_NESTING:
            self._break(Defect.TOO_DEEP, start, at)
            return
        closers.append(closer)
        if (
            mark == _LIST
            and not self._around
            and _WRAPPER.match(data, start, at + 1) is not None
        ):
            self._around += bytes((_OBJECT_END, _LIST_END))
            self._start = None

    def _may_open(self, at: int) -> bool:
        """Return whether JSON's grammar allows an opening bracket here."""
        before = self._mark_before(at)
        if self._closers[-1] == _OBJECT_END:
            return before == _COLON
        return before in {_LIST, _COMMA}

    def _end(self, raw: bytearray) -> None:
        """Parse an object whose brackets are balanced."""
        self._start = None
        try:
            found = _parse(raw)
        except orjson.JSONDecodeError:
            self._events.append(Defect.NOT_JSON)
            return
        if "liste_acces" in found:
            elements = found.pop("liste_acces")
            if isinstance(elements, list):
                self._events += [each for each in elements if isinstance(each, dict)]
        self._events.append(found)

    def _break(self, defect: Defect, start: int, at: int, sure_start: int = -1) -> None:
        """Report a broken object, and look for the next."""
        self._events.append(defect)
        self._give_up(start, at, sure_start)

    def _give_up(self, start: int, at: int, sure_start: int = -1) -> None:
        """Look for the next object, once within the bytes of the broken one."""
        self._start = None
        self._lost = self._ever_lost = True
        self._sure_start = sure_start
        self._at = max(start + 1, min(self._scanned, at))
        self._scanned = max(self._scanned, at)

    def _find_likely_start(self) -> None:
        data = self._data
        while (place := data.find(b"{", self._at)) >= 0:
            if self._is_likely_start(place):
                self._begin(place)
                return
            self._at = place + 1
        self._at = len(data)

    def _is_likely_start(self, place: int) -> bool:
        previous = self._data[place - 1] if place else self._last_byte
        if place == self._sure_start or previous in _LINE_ENDS:
            return True
        before = self._mark_before(place)
        return before == _OBJECT_END or (
            bool(self._around) and before in {_LIST, _COMMA}
        )


def _parse(raw: bytearray) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(raw)
    except orjson.JSONDecodeError:
        if _NBSP not in raw:
            raise
        found = orjson.loads(raw.replace(_NBSP, b" "))
    return found


def _parse_line(line: bytearray) -> dict[str, Any] | None:
    """Return a line's object; None where only a scan can find it."""
    if len(line) > LARGEST_OBJECT:
        return None
    if line.count(b"{") + line.count(b"[") > DEEPEST_NESTING:
        return None
    try:
        found: dict[str, Any] = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return None if "liste_acces" in found else found
