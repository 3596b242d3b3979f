"""What a simulation found."""

from dataclasses import dataclass, field
from typing import Final

# The environment variable that tells `long.py` what to simulate.
WISH: Final = "GRDF_SOAK"


@dataclass
class Report:
    """The figures of one seed.

    Attributes:
        seed: what all was drawn from.
        days: how many were simulated.
        rows: how many were compared, energy and volume apart.
        differing: how many of them were not as the oracle has them.
        unheard: gas days and published blocks that GRDF gave and that were not asked
            for.
        evenings: on which a meter's daily call was to be expected.
        silent_evenings: those of them without a whole answer.
        calls: by meter, or "rights", in steady state.
        steady_days: how many days those calls were counted on.
        restarts: of Home Assistant or of the contract.
        differences: the first of what differed, in words.
    """

    seed: int
    days: int = 0
    rows: int = 0
    differing: int = 0
    unheard: int = 0
    evenings: int = 0
    silent_evenings: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    steady_days: int = 0
    restarts: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing differed, and nothing was missed."""
        return self.rows > 0 and not (
            self.differing or self.unheard or self.silent_evenings
        )

    def calls_a_day(self) -> float:
        """Return the calls for all meters on a day in steady state, rights too."""
        return sum(self.calls.values()) / max(1, self.steady_days)

    def __str__(self) -> str:
        """Tell it in one line."""
        calls = ", ".join(
            f"{name[-4:]} {count / max(1, self.steady_days):.2f}"
            for name, count in sorted(self.calls.items())
        )
        return (
            f"seed {self.seed}: {self.days} days, {self.restarts} restarts,"
            f" {self.rows:,} rows compared, {self.differing} differ;"
            f" {self.unheard} values unheard,"
            f" {self.silent_evenings} of {self.evenings} evenings without an answer;"
            f" calls a day {self.calls_a_day():.2f} ({calls})"
        )
