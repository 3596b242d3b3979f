"""Filters of access rights, in GRDF's spelling."""

import pytest

from custom_components.grdf_adict.adict import (
    AccessRightState,
    AdictClient,
    FilterProblem,
    InvalidFilterError,
    ProofState,
    Quota,
    RightsFilter,
    Role,
    check_filter,
)

from .conftest import Reply, Script
from .payloads import PCE, line, payload


async def test_conditions_are_sent_in_grdf_s_spelling(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("right")) + line(payload("done")))]
    answer = await client.find_access_rights(
        RightsFilter(
            roles=(Role.SUPPLY_HOLDER,),
            states=(AccessRightState.TO_RECHECK, AccessRightState.REVOKED),
            proof_states=(ProofState.UNDER_REVIEW,),
            pces=("gi 999055", "GI999055", PCE),
        )
    )
    assert (len(answer.items), answer.complete) == (1, True)
    (asked,) = script.calls
    assert (asked.method, asked.path) == ("POST", "/adict/v2/droits_acces")
    assert asked.json == {
        "role_tiers": ["DETENTEUR_CONTRAT_FOURNITURE"],
        "etat_droit_acces": ["A revérifier", "Révoquée"],
        "statut_controle_preuve": ["Preuve en cours de vérification"],
        "id_pce": ["GI999055", PCE],
    }


async def test_empty_conditions_are_left_out(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("done")))]
    await client.find_access_rights(RightsFilter(states=(AccessRightState.ACTIVE,)))
    assert script.calls[0].json == {"etat_droit_acces": ["Active"]}


async def test_no_condition_at_all_is_the_whole_list(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=line(payload("right")))]
    assert len((await client.find_access_rights(RightsFilter())).items) == 1
    assert script.calls[0].method == "GET"


@pytest.mark.parametrize("filters", [RightsFilter(), RightsFilter(pces=(PCE,))])
async def test_no_such_right_is_an_empty_list(
    client: AdictClient, script: Script, filters: RightsFilter
) -> None:
    none = {
        "code_statut_traitement": "1000000001",
        "message_retour_traitement": "Aucun droit d'accès trouvé.",
    }
    script.replies = [Reply(body=line(none))]
    answer = await client.find_access_rights(filters)
    assert (answer.items, answer.complete) == ((), True)


def many(count: int) -> tuple[str, ...]:
    return tuple(f"{number:014}" for number in range(count))


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        (RightsFilter(roles=(Role.UNKNOWN,)), FilterProblem.ROLE_UNKNOWN),
        (
            RightsFilter(states=(AccessRightState.UNKNOWN,)),
            FilterProblem.STATE_UNKNOWN,
        ),
        (
            RightsFilter(proof_states=(ProofState.UNKNOWN,)),
            FilterProblem.PROOF_STATE_UNKNOWN,
        ),
        (RightsFilter(pces=("123",)), FilterProblem.PCE_FORMAT),
        (RightsFilter(pces=many(1_001)), FilterProblem.TOO_MANY_PCES),
    ],
)
async def test_a_filter_that_grdf_would_refuse_costs_no_call(
    client: AdictClient,
    script: Script,
    quota: Quota,
    filters: RightsFilter,
    problem: FilterProblem,
) -> None:
    with pytest.raises(InvalidFilterError) as caught:
        await client.find_access_rights(filters)
    assert caught.value.problems == (problem,)
    assert "123" not in repr(caught.value)
    assert (script.calls, quota.calls_today) == ([], 0)


def test_a_thousand_different_pce_are_not_too_many() -> None:
    assert check_filter(RightsFilter(pces=many(1_000) * 2)) == ()


@pytest.mark.parametrize("member", [*Role, *AccessRightState, *ProofState])
def test_each_spelling_of_a_member_is_read_as_that_member(
    member: Role | AccessRightState | ProofState,
) -> None:
    assert all(type(member).read(each) is member for each in member.spellings)
    assert bool(member.spellings) is (member.value != "unknown")
