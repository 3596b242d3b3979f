"""A declaration's rules, and what becomes of it on the wire."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import (
    AccessRight,
    DeclarationProblem,
    GrantDifference,
    GrantField,
    InvalidDeclarationError,
    Role,
    check_declaration,
    differences,
)
from custom_components.grdf_adict.adict.declaration import declaration_body

from .declarations import PERSONAL, TODAY, declaration
from .payloads import PCE

Problem = DeclarationProblem
BROKEN: list[tuple[dict[str, Any], DeclarationProblem]] = [
    ({"role": Role.UNKNOWN}, Problem.ROLE_UNKNOWN),
    ({"holder_name": None}, Problem.HOLDER_MISSING),
    ({"holder_name": "  ", "holder_company": ""}, Problem.HOLDER_MISSING),
    ({"holder_company": "EXEMPLE SARL"}, Problem.HOLDER_TWICE),
    ({"postcode": " "}, Problem.POSTCODE_MISSING),
    ({"postcode": "3770"}, Problem.POSTCODE_FORMAT),
    ({"postcode": "3770A"}, Problem.POSTCODE_FORMAT),
    ({"mail": ""}, Problem.MAIL_MISSING),
    ({"mail": "jean"}, Problem.MAIL_FORMAT),
    ({"mail": "jean@example"}, Problem.MAIL_FORMAT),
    ({"mail": "jean@@example.com"}, Problem.MAIL_FORMAT),
    ({"mail": "jean dupont@example.com"}, Problem.MAIL_FORMAT),
    ({"mail": "jean..x@example.com"}, Problem.MAIL_FORMAT),
    ({"mail": "jean@-example.com"}, Problem.MAIL_FORMAT),
    ({"mail": f"{'a' * 250}@example.com"}, Problem.MAIL_FORMAT),
    ({"mobile": "0200000000"}, Problem.MOBILE_FORMAT),
    ({"mobile": "06000000"}, Problem.MOBILE_FORMAT),
    ({"mobile": "+32600000000"}, Problem.MOBILE_FORMAT),
    ({"start": TODAY + timedelta(1)}, Problem.RIGHT_NOT_STARTED),
    ({"data_from": TODAY + timedelta(1)}, Problem.DATA_NOT_STARTED),
    ({"data_to": date(2027, 11, 20)}, Problem.DATA_BEYOND_RIGHT),
    ({"data_from": TODAY, "data_to": TODAY - timedelta(1)}, Problem.DATA_REVERSED),
    (
        {"role": Role.INJECTION_AUTHORISED},
        Problem.INFORMATIVE_INJECTION,
    ),
    (
        {
            "contractual": False,
            "technical": False,
            "informative": False,
            "published": False,
        },
        Problem.NOTHING_GRANTED,
    ),
]


def test_a_declaration_that_keeps_every_rule_has_no_problem() -> None:
    assert check_declaration(PCE, declaration(), TODAY) == ()


@pytest.mark.parametrize(("changes", "problem"), BROKEN)
def test_each_rule_has_a_problem_of_its_own(
    changes: dict[str, Any], problem: DeclarationProblem
) -> None:
    assert check_declaration(PCE, declaration(**changes), TODAY) == (problem,)


def test_a_right_that_has_ended_is_a_problem() -> None:
    over = declaration(
        start=date(2025, 1, 1), end=date(2025, 12, 31), data_to=date(2025, 12, 31)
    )
    assert check_declaration(PCE, over, TODAY) == (Problem.RIGHT_OVER,)


def test_a_right_that_ends_before_it_starts_is_a_problem() -> None:
    reversed_ = declaration(
        start=TODAY, end=TODAY - timedelta(1), data_to=TODAY - timedelta(1)
    )
    problems = check_declaration(PCE, reversed_, TODAY)
    assert problems == (Problem.RIGHT_REVERSED, Problem.RIGHT_OVER)


def test_an_invalid_pce_is_a_problem() -> None:
    assert check_declaration("123", declaration(), TODAY) == (Problem.PCE_FORMAT,)


def test_all_problems_are_reported_at_once() -> None:
    problems = check_declaration("", declaration(postcode="x", mail="x"), TODAY)
    assert problems == (
        Problem.PCE_FORMAT,
        Problem.POSTCODE_FORMAT,
        Problem.MAIL_FORMAT,
    )


def test_every_problem_can_occur() -> None:
    reached = {problem for _, problem in BROKEN}
    others = {Problem.PCE_FORMAT, Problem.RIGHT_OVER, Problem.RIGHT_REVERSED}
    assert reached | others == set(Problem)


def test_a_right_of_one_day_may_be_declared() -> None:
    today = declaration(start=TODAY, end=TODAY, data_from=TODAY, data_to=TODAY)
    assert check_declaration(PCE, today, TODAY) == ()


@pytest.mark.parametrize(
    "mobile",
    ["0600000000", "07.00.00.00.00", "+33 6 00 00 00 00", "+33(0)600000000", "", None],
)
def test_a_mobile_number_may_be_written_in_many_ways(mobile: str | None) -> None:
    given_mobile = declaration(mobile=mobile)
    assert check_declaration(PCE, given_mobile, TODAY) == ()
    sent = declaration_body(given_mobile).get("numero_telephone_mobile_titulaire")
    assert sent in ({"0600000000", "0700000000"} if mobile else {None})


def test_a_supply_role_limits_consumption_and_leaves_out_empty_fields() -> None:
    assert declaration_body(declaration(mobile=None)) == {
        "role_tiers": "AUTORISE_CONTRAT_FOURNITURE",
        "nom_titulaire": "M. EXEMPLE JEAN",
        "code_postal": "37700",
        "courriel_titulaire": "jean@example.com",
        "date_debut_droit_acces": "2026-11-20",
        "date_fin_droit_acces": "2027-11-19",
        "perim_donnees_conso_debut": "2021-11-20",
        "perim_donnees_conso_fin": "2027-11-19",
        "perim_donnees_contractuelles": "Vrai",
        "perim_donnees_techniques": "Vrai",
        "perim_donnees_informatives": "Vrai",
        "perim_donnees_publiees": "Vrai",
    }


def test_an_injection_role_limits_injections_and_names_a_company() -> None:
    body = declaration_body(
        declaration(
            role=Role.INJECTION_HOLDER,
            holder_name=None,
            holder_company=" EXEMPLE SARL ",
            postcode="37 700",
            mail=" jean@example.com ",
            informative=False,
        )
    )
    assert body["role_tiers"] == "DETENTEUR_CONTRAT_INJECTION"
    assert body["raison_sociale"] == "EXEMPLE SARL"
    assert body["code_postal"] == "37700"
    assert body["courriel_titulaire"] == "jean@example.com"
    assert body["perim_donnees_inj_debut"] == "2021-11-20"
    assert body["perim_donnees_inj_fin"] == "2027-11-19"
    assert body["perim_donnees_informatives"] == "Faux"
    assert not {"nom_titulaire", "perim_donnees_conso_debut"} & body.keys()


TEXTS = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(PERSONAL))
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))
DECLARATIONS = st.builds(
    declaration,
    role=st.sampled_from(Role),
    holder_name=TEXTS,
    holder_company=TEXTS,
    postcode=TEXTS.map(lambda text: text or ""),
    mail=TEXTS.map(lambda text: text or ""),
    mobile=TEXTS,
    start=DATES,
    end=DATES,
    data_from=DATES,
    data_to=DATES,
    contractual=st.booleans(),
    technical=st.booleans(),
    informative=st.booleans(),
    published=st.booleans(),
)


@given(DECLARATIONS, DATES)
def test_a_declaration_without_a_problem_has_a_complete_body(
    given_: Any, today: date
) -> None:
    if check_declaration(PCE, given_, today):
        return
    body = declaration_body(given_)
    assert all(body.values())
    assert ("nom_titulaire" in body) != ("raison_sociale" in body)
    flow = "inj" if given_.role.is_injection else "conso"
    first, last = body[f"perim_donnees_{flow}_debut"], body[f"perim_donnees_{flow}_fin"]
    assert first <= last <= body["date_fin_droit_acces"]
    assert body["date_debut_droit_acces"] <= today.isoformat()
    assert today.isoformat() <= body["date_fin_droit_acces"]


@given(DECLARATIONS, DATES)
def test_no_problem_and_no_repr_names_the_customer(given_: Any, today: date) -> None:
    problems = check_declaration("09999999900617", given_, today)
    shown = f"{given_!r} {InvalidDeclarationError(problems)!r} {problems}"
    assert not [word for word in (*PERSONAL, "09999999900617") if word in shown]


def granted(**changes: Any) -> AccessRight:
    good: dict[str, Any] = {
        "pce": PCE,
        "role": Role.SUPPLY_AUTHORISED,
        "start": date(2026, 11, 20),
        "end": date(2027, 11, 19),
        "consumption_from": date(2021, 11, 20),
        "consumption_to": date(2027, 11, 19),
        "contractual": True,
        "technical": True,
        "informative": True,
        "published": True,
    }
    return AccessRight(**(good | changes))


def test_a_right_granted_as_declared_has_no_difference() -> None:
    assert differences(declaration(), granted(mail="other@example.com")) == ()


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        (
            {"role": Role.SUPPLY_HOLDER},
            GrantDifference(
                GrantField.ROLE, Role.SUPPLY_AUTHORISED, Role.SUPPLY_HOLDER
            ),
        ),
        (
            {"start": date(2026, 12, 1)},
            GrantDifference(GrantField.START, date(2026, 11, 20), date(2026, 12, 1)),
        ),
        (
            {"end": date(2027, 1, 1)},
            GrantDifference(GrantField.END, date(2027, 11, 19), date(2027, 1, 1)),
        ),
        (
            {"authorisation_end": date(2027, 2, 1)},
            GrantDifference(GrantField.END, date(2027, 11, 19), date(2027, 2, 1)),
        ),
        (
            {"consumption_from": date(2022, 1, 1)},
            GrantDifference(GrantField.DATA_FROM, date(2021, 11, 20), date(2022, 1, 1)),
        ),
        (
            {"consumption_to": date(2027, 1, 1)},
            GrantDifference(GrantField.DATA_TO, date(2027, 11, 19), date(2027, 1, 1)),
        ),
        *[
            ({field: False}, GrantDifference(GrantField(field), True, False))  # noqa: FBT003
            for field in ("contractual", "technical", "informative", "published")
        ],
    ],
)
def test_a_field_granted_otherwise_is_a_difference(
    changes: dict[str, Any], difference: GrantDifference
) -> None:
    assert differences(declaration(), granted(**changes)) == (difference,)


def test_a_field_that_grdf_does_not_give_is_no_difference() -> None:
    blank = dict.fromkeys(("contractual", "technical", "informative", "published"))
    silent = granted(
        role=Role.UNKNOWN, start=None, end=None, consumption_to=None, **blank
    )
    assert differences(declaration(), silent) == ()


def test_an_injection_right_is_compared_by_its_own_dates() -> None:
    asked = declaration(role=Role.INJECTION_HOLDER)
    right = granted(
        role=Role.INJECTION_HOLDER,
        consumption_from=None,
        consumption_to=None,
        injection_from=date(2021, 11, 20),
        injection_to=date(2027, 1, 1),
    )
    (difference,) = differences(asked, right)
    assert difference.field is GrantField.DATA_TO
