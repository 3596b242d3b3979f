"""Filters of access rights (deck, Consulter des Droits d'Accès spécifiques)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .errors import InvalidRequestError
from .models.access_right import AccessRightState, ProofState, Role
from .pce import is_pce, parse_pce

_MOST_PCES: Final = 1_000


class FilterProblem(StrEnum):
    """What is wrong with a filter."""

    TOO_MANY_PCES = "too_many_pces"
    """More than 1,000 PCE."""
    PCE_FORMAT = "pce_format"
    ROLE_UNKNOWN = "role_unknown"
    STATE_UNKNOWN = "state_unknown"
    PROOF_STATE_UNKNOWN = "proof_state_unknown"


class InvalidFilterError(InvalidRequestError[FilterProblem]):
    """A filter that GRDF would refuse."""

    subject = "the filter is"


@dataclass(frozen=True, slots=True)
class RightsFilter:
    """Conditions that a right must meet, all of them; an empty one is ignored."""

    roles: Collection[Role] = ()
    states: Collection[AccessRightState] = ()
    proof_states: Collection[ProofState] = ()
    pces: Collection[str] = field(default=(), repr=False)


def check_filter(filters: RightsFilter) -> tuple[FilterProblem, ...]:
    """Return what GRDF would refuse of a filter."""
    are_pces = all(map(is_pce, filters.pces))
    broken = {
        FilterProblem.ROLE_UNKNOWN: Role.UNKNOWN in filters.roles,
        FilterProblem.STATE_UNKNOWN: AccessRightState.UNKNOWN in filters.states,
        FilterProblem.PROOF_STATE_UNKNOWN: ProofState.UNKNOWN in filters.proof_states,
        FilterProblem.TOO_MANY_PCES: are_pces and len(_pces(filters)) > _MOST_PCES,
        FilterProblem.PCE_FORMAT: not are_pces,
    }
    return tuple(problem for problem, is_broken in broken.items() if is_broken)


def filter_body(filters: RightsFilter) -> dict[str, list[str]]:
    """Return the body of a call, in GRDF's spellings, without empty conditions."""
    body = {
        "role_tiers": [role.spellings[0] for role in filters.roles],
        "etat_droit_acces": [state.spellings[0] for state in filters.states],
        "statut_controle_preuve": [each.spellings[0] for each in filters.proof_states],
        "id_pce": _pces(filters),
    }
    return {name: values for name, values in body.items() if values}


def _pces(filters: RightsFilter) -> list[str]:
    """Return each PCE once, in the order given."""
    return list(dict.fromkeys(map(parse_pce, filters.pces)))
