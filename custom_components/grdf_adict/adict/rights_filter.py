"""Which access rights to look for (deck, Consulter des Droits d'Accès spécifiques)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .errors import AdictBadRequestError, InvalidPceError
from .models.access_right import (
    PROOFS,
    ROLES,
    STATES,
    AccessRightState,
    ProofState,
    Role,
)
from .models.wire import Vocabulary
from .pce import parse_pce

MOST_PCES: Final = 1_000


class FilterProblem(StrEnum):
    """What is wrong with a filter."""

    TOO_MANY_PCES = "too_many_pces"
    """More than 1,000 PCE."""
    PCE_FORMAT = "pce_format"
    ROLE_UNKNOWN = "role_unknown"
    STATE_UNKNOWN = "state_unknown"
    PROOF_STATE_UNKNOWN = "proof_state_unknown"


class InvalidFilterError(AdictBadRequestError):
    """A filter that GRDF would refuse; `problems` says why."""

    problems: tuple[FilterProblem, ...]

    def __init__(self, problems: tuple[FilterProblem, ...]) -> None:
        """Say what is wrong."""
        super().__init__(f"the filter is refused: {', '.join(problems)}")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class RightsFilter:
    """Conditions that a right has to meet, all of them; an empty one is none."""

    roles: Collection[Role] = ()
    states: Collection[AccessRightState] = ()
    proof_states: Collection[ProofState] = ()
    pces: Collection[str] = field(default=(), repr=False)


def check_filter(filters: RightsFilter) -> tuple[FilterProblem, ...]:
    """Return what GRDF would refuse of a filter."""
    problems = [
        problem
        for problem, unknown in (
            (FilterProblem.ROLE_UNKNOWN, Role.UNKNOWN in filters.roles),
            (FilterProblem.STATE_UNKNOWN, AccessRightState.UNKNOWN in filters.states),
            (
                FilterProblem.PROOF_STATE_UNKNOWN,
                ProofState.UNKNOWN in filters.proof_states,
            ),
        )
        if unknown
    ]
    try:
        if len(_pces(filters)) > MOST_PCES:
            problems.append(FilterProblem.TOO_MANY_PCES)
    except InvalidPceError:
        problems.append(FilterProblem.PCE_FORMAT)
    return tuple(problems)


def filter_body(filters: RightsFilter) -> dict[str, list[str]]:
    """Return the body of a call, in GRDF's own words; conditions that are none go."""
    body = {
        "role_tiers": _words(ROLES, filters.roles),
        "etat_droit_acces": _words(STATES, filters.states),
        "statut_controle_preuve": _words(PROOFS, filters.proof_states),
        "id_pce": _pces(filters),
    }
    return {name: values for name, values in body.items() if values}


def _words[E: StrEnum](words: Vocabulary[E], members: Collection[E]) -> list[str]:
    return [word for member in members if (word := words.word(member)) is not None]


def _pces(filters: RightsFilter) -> list[str]:
    """Return each PCE once, in the order given."""
    return list(dict.fromkeys(map(parse_pce, filters.pces)))
