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
from custom_components.grdf_adict.adict.models.wire import (
    ImpossibleValueError,
)

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


def test_a_flow_rate_that_is_no_number_is_none_and_a_negative_one_refused() -> None:
    wire = payload("technical")
    meter = wire["donnees_techniques"]["caracteristiques_compteur"]
    meter["code_debit"] = "G6"
    assert read_technical_data(wire).flow_rate is None
    meter["code_debit"] = "-10"
    with pytest.raises(ImpossibleValueError, match="code_debit"):
        read_technical_data(wire)


def test_the_deck_s_contract_is_read() -> None:
    data = read_contract_data(payload("contract"))
    assert (data.in_service, data.delivery_tariff) == (date(2021, 8, 2), "T1")
    assert data.annual_reference_consumption == 2667
    assert data.next_annual_reference_consumption == 2008
    assert (data.profile, data.profile_end) == ("P011", date(9999, 12, 31))
    assert (data.cja, data.daily_cap, data.modulation_1) == (None, None, None)


def test_a_car_and_a_cja_may_be_bare_numbers() -> None:
    wire = payload("contract")
    wire["donnees_contractuelles"] |= {"car": 2667, "cja": "12,5"}
    data = read_contract_data(wire)
    assert (data.annual_reference_consumption, data.cja) == (2667, 12.5)
