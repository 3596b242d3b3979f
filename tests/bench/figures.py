"""A figure of the benchmark, and the bound that it must keep."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from operator import ge, le
from typing import Self

type Json = dict[str, float | str | bool | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured.

    Attributes:
        name: what was measured.
        value: how much.
        unit: of the value.
        bound: what it must keep, in words; None: it is told and not judged.
        ok: whether it keeps it.
        why: where it does not, what it comes from; empty: not looked into.
    """

    name: str
    value: float
    unit: str
    bound: str | None = None
    ok: bool = True
    why: str = ""

    @classmethod
    def at_most(cls, name: str, value: float, bound: float, unit: str) -> Self:
        """Measure something that must be no more than a bound."""
        return cls(name, value, unit, f"<= {bound:g}", le(value, bound))

    @classmethod
    def at_least(cls, name: str, value: float, bound: float, unit: str) -> Self:
        """Measure something that must be no less than a bound."""
        return cls(name, value, unit, f">= {bound:g}", ge(value, bound))

    def explained(self, why: Callable[[], str]) -> Self:
        """Look into what a figure that breaks its bound comes from."""
        return self if self.ok else replace(self, why=why())

    def as_json(self, part: str) -> Json:
        """Return it as JSON values, with the name of its part."""
        return {"part": part, **asdict(self)}

    def __str__(self) -> str:
        """Tell it in one line of a table."""
        verdict = "" if self.bound is None else ("ok" if self.ok else "NOT OK")
        return (
            f"  {self.name:58} {self.value:10,.2f} {self.unit:8}"
            f" {self.bound or '':>10} {verdict}"
        ).rstrip()
