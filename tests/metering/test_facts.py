"""The facts of a meter that are kept."""

from datetime import date
import json

from hypothesis import given, strategies as st

from custom_components.grdf_adict.adict import ContractData, Frequency, TechnicalData
from custom_components.grdf_adict.metering.facts import (
    MeterFacts,
    facts_from_json,
    facts_to_json,
    with_contract,
    with_technical,
)

from .factory import PCE

_amounts = st.none() | st.floats(0, 1e9, allow_nan=False)
_texts = st.none() | st.text(min_size=1)


# GRDF's years.
_dates = st.none() | st.dates(date(1946, 1, 1), date(2199, 12, 31))


@given(
    st.builds(
        MeterFacts,
        frequency=st.sampled_from(Frequency),
        capacity=_amounts,
        calibre=_texts,
        flow_rate=_amounts,
        delivery_pressure=_amounts,
        serial_number=_texts,
        changed_on=_dates,
        annual_reference_consumption=_amounts,
        delivery_tariff=_texts,
        modulation_years=st.tuples() | st.tuples(_amounts, _amounts, _amounts),
        in_service=_dates,
    )
)
def test_facts_come_back_from_their_file_as_they_were(facts: MeterFacts) -> None:
    assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts


def test_facts_of_an_earlier_version_lack_what_was_not_kept() -> None:
    stored = {
        "frequency": "1M",
        "capacity": 81.0,
        "annual_reference_consumption": 9000.0,
    }

    assert facts_from_json(stored) == MeterFacts(
        frequency=Frequency.MONTHLY, capacity=81.0, annual_reference_consumption=9000.0
    )


def test_contract_data_leave_the_technical_data() -> None:
    meter = with_technical(
        MeterFacts(), TechnicalData(pce=PCE, calibre="G4", flow_rate=6.0)
    )

    both = with_contract(meter, ContractData(pce=PCE, cja=120.0, modulation_2=7.0))

    assert (both.calibre, both.capacity) == ("G4", 78.0)
    assert (both.cja, both.modulation_years) == (120.0, (None, 7.0, None))
    assert with_contract(meter, ContractData(pce=PCE)).modulation_years == ()


def test_an_answer_without_a_meter_number_keeps_the_one_that_is_known() -> None:
    known = MeterFacts(serial_number="2018900001")

    assert with_technical(known, TechnicalData(pce=PCE)) == known
