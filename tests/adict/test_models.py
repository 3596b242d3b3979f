"""Rights, technical and contractual data as GRDF writes them."""

from datetime import date, datetime, timedelta, timezone

import pytest

from custom_components.grdf_adict.adict import (
    AccessRightState,
    Frequency,
    Journey,
    ProofState,
    Role,
)
from custom_components.grdf_adict.adict.models.access_right import read_access_right
from custom_components.grdf_adict.adict.models.contract import read_contract_data
from custom_components.grdf_adict.adict.models.technical import read_technical_data

from .payloads import PCE, payload

WINTER = timezone(timedelta(hours=1))


def test_the_deck_s_right_is_read() -> None:
    right = read_access_right(payload("right"))
    assert right.id == "e8d64bd4-9cab-4163-bde4-d128795898de"
    assert right.pce == PCE
    assert right.role is Role.SUPPLY_AUTHORISED
    assert (right.state, right.raw_state) == (AccessRightState.ACTIVE, "Active")
    assert (right.holder_name, right.holder_company) == ("M. EXEMPLE JEAN", None)
    assert (right.start, right.end) == (date(2019, 7, 5), date(2020, 7, 15))
    assert right.authorisation_end == date(2020, 12, 20)
    assert right.consumption_from == date(2018, 7, 5)
    assert right.consumption_to == date(2023, 8, 7)
    assert (right.published, right.informative) == (True, False)
    assert (right.technical, right.contractual) == (True, True)
    assert right.created == datetime(2020, 1, 16, 10, 46, tzinfo=WINTER)
    assert (right.revoked, right.revoked_by) == (None, None)
    assert right.journey is Journey.DIRECT
    assert right.proof_state is ProofState.AWAITED
    assert right.proof_deadline == date(2020, 4, 10)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("Active", AccessRightState.ACTIVE),
        ("À valider", AccessRightState.TO_VALIDATE),
        ("REVOQUEE", AccessRightState.REVOKED),
        ("Actif", AccessRightState.ACTIVE),
        ("Révoqué", AccessRightState.REVOKED),
        ("Refusé", AccessRightState.REFUSED),
        ("A révérifier", AccessRightState.TO_RECHECK),
        ("Obsole\u0300te", AccessRightState.OBSOLETE),
        (" refusée\u00a0", AccessRightState.REFUSED),
        ("Suspendue", AccessRightState.UNKNOWN),
        (None, AccessRightState.UNKNOWN),
    ],
)
def test_a_state_is_known_however_it_is_spelt(
    written: str | None, state: AccessRightState
) -> None:
    right = read_access_right(payload("right") | {"etat_droit_acces": written})
    assert right.state is state
    assert right.raw_state == (written or "").strip()


@pytest.mark.parametrize(
    ("written", "state"),
    [
        (None, None),
        ("", None),
        ("Preuve à vérifier", ProofState.UNDER_REVIEW),
        ("Preuve en cours de vérification", ProofState.UNDER_REVIEW),
        ("Preuve Vérifiée OK", ProofState.ACCEPTED),
        ("Preuve Vérifiée KO", ProofState.REFUSED),
        ("Preuve perdue", ProofState.UNKNOWN),
    ],
)
def test_a_proof_has_its_state(written: str | None, state: ProofState | None) -> None:
    right = read_access_right(payload("right") | {"statut_controle_preuve": written})
    assert right.proof_state is state


def test_the_repr_of_a_right_holds_no_personal_data() -> None:
    shown = repr(read_access_right(payload("right")))
    personal = [PCE, "EXEMPLE", "jean@example.com", "37700", "0600000000"]
    assert not [each for each in personal if each in shown]


def test_the_deck_s_technical_data_are_read() -> None:
    data = read_technical_data(payload("technical"))
    assert data.frequency is Frequency.SIX_MONTHLY
    assert (data.street_number, data.street) == ("6", "RUE DU GAZ")
    assert (data.postcode, data.town) == ("75000", "VILLE")
    assert (data.sensitive_customer, data.calibre) == (False, "G6")
    assert (data.flow_rate, data.normalised_flow_rate) == (10, None)
    assert (data.delivery_pressure, data.serial_number) == (0.021, "117")
    assert (data.pitd_id, data.pitd_label) == ("GD1057", "VILLE")
    assert data.meter_ownership
    assert data.converter_ownership is None
    assert "RUE DU GAZ" not in repr(data)


@pytest.mark.parametrize("frequency", ["6M", "1M", "MM", "JJ"])
def test_a_frequency_is_grdf_s_own_code(frequency: str) -> None:
    wire = payload("technical")
    wire["donnees_techniques"]["caracteristiques_compteur"]["frequence"] = frequency
    assert read_technical_data(wire).frequency == frequency


def test_a_flow_rate_that_is_no_number_is_none() -> None:
    wire = payload("technical")
    wire["donnees_techniques"]["caracteristiques_compteur"]["code_debit"] = "G6"
    data = read_technical_data(wire)
    assert (data.flow_rate, data.refused) == (None, ())


@pytest.mark.parametrize("bad", ["-10", -1, "1e307", "NaN", 10**30])
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("code_debit", "flow_rate"),
        ("code_debit_normalise", "normalised_flow_rate"),
        ("pression_livraison", "delivery_pressure"),
    ],
)
def test_an_impossible_fact_of_a_meter_is_unknown_with_a_reason_and_hides_no_other(
    name: str, field: str, bad: object
) -> None:
    wire = payload("technical")
    wire["donnees_techniques"]["caracteristiques_compteur"][name] = bad
    data = read_technical_data(wire)
    assert getattr(data, field) is None
    if bad != "NaN":  # A text, as "G6" is.
        assert [reason.split(":")[0] for reason in data.refused] == [name]
    assert data.frequency is Frequency.SIX_MONTHLY
    assert data.calibre == "G6"


@pytest.mark.parametrize(
    ("written", "bar"),
    [
        *(("0.021", 0.021), ("21", 0.021), ("21 ", 0.021), ("0,3", 0.3), ("300", 0.3)),
        *(("4", 4), ("4000", 4), (1, 1), ("16", 16), ("37", 0.037), ("", None)),
    ],
)
def test_a_delivery_pressure_is_read_in_bar_and_in_mbar(
    written: object, bar: float | None
) -> None:
    wire = payload("technical")
    meter = wire["donnees_techniques"]["caracteristiques_compteur"]
    meter["pression_livraison"] = written
    assert read_technical_data(wire).delivery_pressure == bar


@pytest.mark.parametrize(
    ("calibre", "flow", "bar"),
    [
        *(("G4", "6", 0.021), ("G100", None, 0.021), (None, "400", 0.021)),
        *((None, None, 0.021), ("G650", None, 21), ("G4", "1600", 21)),
    ],
)
def test_21_is_bar_only_at_a_meter_that_no_pipe_could_feed_at_21_mbar(
    calibre: str | None, flow: str | None, bar: float
) -> None:
    wire = payload("technical")
    meter = wire["donnees_techniques"]["caracteristiques_compteur"]
    meter |= {"code_calibre": calibre, "code_debit": flow, "pression_livraison": "21"}
    assert read_technical_data(wire).delivery_pressure == bar


def test_an_impossible_number_of_a_contract_is_unknown_with_a_reason() -> None:
    wire = payload("contract")
    wire["donnees_contractuelles"] |= {"car": {"car_actuelle": "1e307"}, "cja": -1}
    data = read_contract_data(wire)
    assert (data.annual_reference_consumption, data.cja) == (None, None)
    assert [reason.split(":")[0] for reason in data.refused] == ["car_actuelle", "cja"]
    assert data.delivery_tariff == "T1"


def test_the_dates_of_a_right_that_stand_for_no_bound_are_none() -> None:
    written = {
        name: value
        for names, value in (
            (("perim_donnees_conso_debut", "date_debut_droit_acces"), "0001-01-01"),
            (("perim_donnees_conso_fin", "date_fin_droit_acces"), "9999-12-31"),
            (("date_creation", "date_revocation"), "9999-12-31T23:59:59Z"),
            (("date_fin_autorisation", "date_passage_a_refuse"), "9999-12-31 00:00:00"),
            (("date_limite_transmission_preuve", "perim_donnees_inj_fin"), ""),
        )
        for name in names
    }
    right = read_access_right(payload("right") | written)
    for name in ("consumption_from", "consumption_to", "start", "end", "created"):
        assert getattr(right, name) is None
    for name in ("revoked", "authorisation_end", "refused", "proof_deadline"):
        assert getattr(right, name) is None


@pytest.mark.parametrize("blank", ["", "  ", None, "absent"])
def test_a_perimeter_that_is_blank_is_neither_granted_nor_refused(
    blank: str | None,
) -> None:
    flags = ("publiees", "informatives", "contractuelles", "techniques")
    wire = payload("right") | {f"perim_donnees_{name}": blank for name in flags}
    if blank == "absent":
        wire = {name: value for name, value in wire.items() if value != blank}
    right = read_access_right(wire)
    assert (right.published, right.informative) == (None, None)
    assert (right.contractual, right.technical) == (None, None)


@pytest.mark.parametrize(("flag", "granted"), [(" vrai ", True), ("FAUX", False)])
def test_a_perimeter_is_granted_or_refused_in_any_spelling(
    flag: str,
    granted: bool,  # noqa: FBT001 - the value that is compared
) -> None:
    wire = payload("right") | {"perim_donnees_publiees": flag}
    assert read_access_right(wire).published is granted


def test_the_texts_of_a_right_are_bounded() -> None:
    names = ("nom_titulaire", "source_revocation", "etat_droit_acces", "id_droit_acces")
    right = read_access_right(payload("right") | dict.fromkeys(names, "x" * 1_000_000))
    for text in (right.holder_name, right.revoked_by, right.id):
        assert len(text or "") == 200
    assert not right.raw_state


def test_the_deck_s_contract_is_read() -> None:
    data = read_contract_data(payload("contract"))
    assert (data.in_service, data.delivery_tariff) == (date(2021, 8, 2), "T1")
    assert data.annual_reference_consumption == 2667
    assert data.next_annual_reference_consumption == 2008
    # GRDF writes 9999-12-31.
    assert (data.profile, data.profile_end) == ("P011", None)
    assert (data.cja, data.daily_cap, data.modulation_1) == (None, None, None)


def test_a_car_and_a_cja_may_be_bare_numbers() -> None:
    wire = payload("contract")
    wire["donnees_contractuelles"] |= {"car": 2667, "cja": "12,5"}
    data = read_contract_data(wire)
    assert (data.annual_reference_consumption, data.cja) == (2667, 12.5)
