"""The problems of a file's rows, as they are found."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from .errors import FILE_PROBLEMS, ROW_PROBLEMS, Problem, RowFinding, finding
from .periods import Problems

_OF_DATA: Final = frozenset({*FILE_PROBLEMS, *ROW_PROBLEMS})


class Findings:
    """Collects where each problem was found."""

    def __init__(self) -> None:
        """Begin without any."""
        self._found: defaultdict[tuple[Problem, int], list[int]] = defaultdict(list)
        self._of_data: Counter[int] = Counter()
        self._sheets: Counter[Problem] = Counter()

    def note(self, problem: Problem, sheet: int, *rows: int) -> None:
        """Note a problem of rows; without rows, of the sheet."""
        self._found[problem, sheet] += rows

    def note_sheet(self, problem: Problem) -> None:
        """Count a sheet that was not read."""
        self._sheets[problem] += 1

    def note_rows(self, problems: Problems) -> None:
        """Note problems of rows that were read."""
        for problem, row in problems:
            self.note(problem, row.sheet, row.number)

    def note_unread(self, problem: Problem, sheet: int, row: int) -> None:
        """Note why a row was not read."""
        self._of_data[sheet] += problem in _OF_DATA
        self.note(problem, sheet, row)

    def count_data(self, sheet: int) -> None:
        """Count a row of data that was read."""
        self._of_data[sheet] += 1

    def of(self, problems: Iterable[Problem]) -> list[RowFinding]:
        """Return where problems were found, in their order."""
        wanted = list(problems)
        found = [
            finding(problem, self._found[problem, sheet], sheet, self._of_data[sheet])
            for problem in wanted
            for found, sheet in sorted(self._found)
            if found is problem
        ]
        return found + [
            RowFinding(problem, count=count)
            for problem, count in self._sheets.items()
            if problem in wanted
        ]
