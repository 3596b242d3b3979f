"""What the processes' logs complain of."""

from collections.abc import Iterable
import re

_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (?P<level>[A-Z]+) ")
_LOUD = {"WARNING", "ERROR", "CRITICAL"}
_TRACEBACK = "Traceback (most recent call last)"
_OURS = "grdf_adict"
# Home Assistant says this of every integration that is not its own.
_EXPECTED = "We found a custom integration grdf_adict"


def complaints(log: str) -> list[str]:
    """Return each warning, error and traceback that names the integration, whole."""
    return [
        record
        for record in _records(log.splitlines())
        if _OURS in record and _EXPECTED not in record and _is_loud(record)
    ]


def tracebacks(log: str) -> list[str]:
    """Return each record that holds a traceback, whole."""
    return [record for record in _records(log.splitlines()) if _TRACEBACK in record]


def _records(lines: Iterable[str]) -> list[str]:
    """Join the lines of a traceback to the record that they follow."""
    records: list[str] = []
    for line in lines:
        if not records or _RECORD.match(line):
            records.append(line)
        else:
            records[-1] += f"\n{line}"
    return records


def _is_loud(record: str) -> bool:
    match = _RECORD.match(record)
    return match is None or match["level"] in _LOUD or _TRACEBACK in record
