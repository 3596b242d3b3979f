"""Cases by the thousand: drawn, judged, shrunk and counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
import sys
from typing import Final

from tests.exports.verdict import Verdict, judge

from . import columns, forms, rows, sheets
from .layouts import LAYOUTS
from .table import Case
from .writing import preview, written

type Operation = Callable[[Case, Random], Case | None]

# In the order in which they are done: what is below a table stays below it.
_ORDERED: Final[tuple[Operation, ...]] = (
    *rows.OPERATIONS,
    *rows.INSERTIONS,
    *columns.OPERATIONS,
    *forms.OPERATIONS,
    *sheets.OPERATIONS,
)
OPERATIONS: Final = {each.__name__: each for each in _ORDERED}
_DRAWN: Final = (*LAYOUTS, "text", "text", "daily")
_MOST_SHOWN: Final = 80
_HOWS: Final = ("read", "read, rows left out", "asked", "refused", "wrong")


class SilentlyWrongError(AssertionError):
    """Files that were read otherwise than a person reads them, and nothing said so."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One case: a seed, a layout and the names of the operations done to it."""

    seed: int
    layout: str
    names: tuple[str, ...]

    def made(self) -> tuple[Case, tuple[str, ...]]:
        """Return the case, and the operations that could be done.

        Each operation has random numbers of its own: without one of them, the others do
        the same.
        """
        case = LAYOUTS[self.layout](_random(self.seed))
        done: list[str] = []
        for name in self.names:
            changed = OPERATIONS[name](case, _random(f"{self.seed} {name}"))
            if changed is not None:
                case = changed
                done.append(name)
        return case, tuple(done)


def _random(seed: int | str) -> Random:
    return Random(seed)  # noqa: S311 - plays a household, not secrets


def draw(seed: int) -> Drawn:
    """Return the case of a seed: one to four operations on a file of some layout."""
    roll = _random(f"{seed} drawn")
    names = set(roll.sample(list(OPERATIONS), roll.choice((1, 1, 2, 2, 3, 4))))
    ordered = tuple(name for name in OPERATIONS if name in names)
    return Drawn(seed, roll.choice(_DRAWN), ordered)


def untouched() -> Iterable[tuple[str, Case]]:
    """Return a file of each layout, to which nobody has done anything."""
    return [(name, layout(_random(1))) for name, layout in LAYOUTS.items()]


def check(case: Case) -> Verdict:
    """Write a case, have it read, and compare."""
    verdict = judge(written(case), case.truth(), name=case.name)
    if case.doubtful and verdict.how.startswith("read") and not verdict.wrongs:
        return replace(verdict, wrongs=("read without a question",))
    return verdict


def run(cases: int, *, seed: int = 0) -> Counter[str]:
    """Check the cases of so many seeds, and return how they went.

    Raises:
        SilentlyWrongError: some were silently wrong; it says which, the shortest first.
    """
    outcomes: Counter[str] = Counter()
    by_operation: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for each in range(seed, seed + cases):
        drawn = draw(each)
        case, done = drawn.made()
        verdict = check(case)
        how = "wrong" if verdict.wrongs else verdict.how
        reason = f": {verdict.what}" if verdict.what else ""
        outcomes[f"spreadsheets {how}{reason}"] += 1
        by_operation.update((name, how) for name in done)
        by_operation[drawn.layout, how] += 1
        if verdict.wrongs:
            wrong.append(_explained(_shrunk(drawn)))
    sys.stdout.write(_table(by_operation))
    if wrong:
        raise SilentlyWrongError(_summary(wrong, cases))
    return outcomes


def _shrunk(drawn: Drawn) -> Drawn:
    """Return the case with no more operations than it takes to be wrong."""
    for name in drawn.names:
        fewer = tuple(each for each in drawn.names if each != name)
        less = Drawn(drawn.seed, drawn.layout, fewer)
        if check(less.made()[0]).wrongs:
            return _shrunk(less)
    return drawn


def _explained(drawn: Drawn) -> str:
    case, done = drawn.made()
    verdict = check(case)
    operations = " + ".join(done) or "nothing"
    return (
        f"{drawn.layout} + {operations}: {'; '.join(verdict.wrongs[:3])}"
        f" (--seed {drawn.seed} --cases 1)\n{preview(case)}\n"
    )


def _summary(wrong: list[str], cases: int) -> str:
    """Return one example of each set of operations that was wrong."""
    kinds: dict[str, list[str]] = {}
    for text in wrong:
        kinds.setdefault(text.partition(":")[0], []).append(text)
    lines = [
        f"{len(texts):>5}  {kind}"
        for kind, texts in sorted(kinds.items(), key=lambda each: -len(each[1]))
    ]
    shown = sorted(kinds.values(), key=lambda texts: -len(texts))[:_MOST_SHOWN]
    examples = [min(texts, key=len) for texts in shown]
    return "\n".join(
        [f"{len(wrong)} of {cases} cases are silently wrong:", *lines, *examples]
    )


def _table(counted: Counter[tuple[str, str]]) -> str:
    names = [*LAYOUTS, *OPERATIONS]
    lines = [f"{'':<28}" + "".join(f"{how:>21}" for how in _HOWS)]
    lines += [
        f"{name:<28}" + "".join(f"{counted[name, how]:>21,}" for how in _HOWS)
        for name in names
        if any(counted[name, how] for how in _HOWS)
    ]
    return "\n".join(lines) + "\n"
