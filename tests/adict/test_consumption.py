"""Consumption blocks: lenient in form, strict in sense."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.grdf_adict.adict import (
    ConsumptionKind,
    ConsumptionStatus,
    FlowDirection,
    Qualification,
    ReadingQuality,
    ReadingStatus,
)
from custom_components.grdf_adict.adict.models.consumption import (
    gas_day_of,
    read_consumption,
)
from custom_components.grdf_adict.adict.models.wire import (
    ImpossibleValueError,
)

from .payloads import PCE, payload

WINTER, SUMMER = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))


def informative(**fields: Any) -> dict[str, Any]:
    wire = payload("informative")
    wire["consommation"] |= fields
    return wire


def test_a_published_block_keeps_grdf_s_energy() -> None:
    block = read_consumption(payload("published"))
    assert block.pce == PCE
    assert block.start == datetime(2021, 1, 1, 6, tzinfo=WINTER)
    assert block.end == datetime(2021, 1, 23, 6, tzinfo=WINTER)
    assert (block.energy, block.raw_volume, block.converted_volume) == (2032, 180, 0)
    assert (block.conversion_coefficient, block.pta, block.pcs) == (11.29, None, None)
    assert block.qualification is Qualification.MEASURED
    assert block.status is ConsumptionStatus.FINAL
    assert block.kind is ConsumptionKind.PUBLISHED
    assert block.direction is FlowDirection.CONSUMPTION
    assert (block.gas_day, block.zero_return) == (None, False)


def test_an_informative_day_is_provisional_and_named_by_its_start() -> None:
    block = read_consumption(payload("informative"))
    assert (block.energy, block.raw_volume, block.converted_volume) == (8, 1, None)
    assert block.gas_day == date(2021, 8, 16)
    assert block.kind is ConsumptionKind.INFORMATIVE_DAILY
    assert block.status is ConsumptionStatus.PROVISIONAL


def test_a_reading_has_its_index_time_reason_and_quality() -> None:
    block = read_consumption(payload("deck_published"))
    start, end = block.start_reading, block.end_reading
    assert start is not None
    assert end is not None
    assert start.at == datetime(2019, 7, 1, 6, tzinfo=SUMMER)
    assert (start.index, start.reason) == (1365, None)
    assert (end.index, end.converted_index) == (1366, 0)
    assert (end.reason, end.reason_label) == ("RNO", "Relevé normal")
    assert end.quality is ReadingQuality.MEASURED
    assert end.status is ReadingStatus.NORMAL


def test_a_reading_without_index_time_is_dated_by_its_day_of_reading() -> None:
    wire = payload("published")
    wire["releve_fin"]["index_brut_fin"]["horodate_Index"] = None
    end = read_consumption(wire).end_reading
    assert end is not None
    assert end.at == datetime(2021, 1, 23, 6, tzinfo=WINTER)


def test_a_block_without_readings_has_none() -> None:
    wire = payload("published") | {"releve_debut": None, "releve_fin": None}
    block = read_consumption(wire)
    assert (block.start_reading, block.end_reading) == (None, None)


def test_an_absent_day_holds_no_number() -> None:
    block = read_consumption(payload("absent"))
    assert block.qualification is Qualification.ABSENT
    assert (block.energy, block.raw_volume, block.status) == (None, None, None)


def test_an_absent_day_without_a_period_is_its_gas_day() -> None:
    wire = payload("absent")
    wire["consommation"] |= {
        "date_debut_consommation": None,
        "date_fin_consommation": "",
        "journee_gaziere": "2026-10-24 ",
    }
    block = read_consumption(wire)
    assert block.start == datetime(2026, 10, 24, 4, tzinfo=UTC)
    assert block.end == datetime(2026, 10, 25, 5, tzinfo=UTC)


def test_the_coefficient_is_pta_times_pcs_where_it_is_not_given() -> None:
    factors = {"coeff_pta": "1,02", "valeur_pcs": "11.0", "coeff_conversion": None}
    block = read_consumption(informative(coeff_calcul=factors))
    assert block.conversion_coefficient == pytest.approx(11.22)
    assert (block.pta, block.pcs) == (1.02, 11.0)


@pytest.mark.parametrize("factors", [None, {}, {"coeff_conversion": 0}])
def test_a_coefficient_may_be_missing(factors: object) -> None:
    block = read_consumption(informative(coeff_calcul=factors))
    assert block.conversion_coefficient is None


def test_a_slip_has_its_dates_and_days() -> None:
    wire = payload("published")
    wire["bordereau_publication"] = {
        "date_debut_bordereau": "2021-01-01",
        "date_fin_bordereau": "2021-01-31 ",
        "nb_jour_gazier": "31",
    }
    block = read_consumption(wire)
    assert (block.slip_start, block.slip_end) == (date(2021, 1, 1), date(2021, 1, 31))
    assert block.slip_gas_days == 31


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2021-08-16", "2021-08-17"),
        ("2021-08-16 ", "2021-08-17T06:00:00+02:00"),
        ("2021-08-16T04:00:00Z", "2021-08-17"),
    ],
)
def test_a_bare_date_is_the_start_of_its_gas_day(start: str, end: str) -> None:
    wire = informative(
        date_debut_consommation=start, date_fin_consommation=end, journee_gaziere=None
    )
    wire["releve_fin"]["index_brut_fin"]["horodate_Index"] = "2021-08-17"
    block = read_consumption(wire)
    assert block.start == datetime(2021, 8, 16, 6, tzinfo=SUMMER)
    assert block.end == datetime(2021, 8, 17, 6, tzinfo=SUMMER)
    assert block.end_reading is not None
    assert block.end_reading.at == datetime(2021, 8, 17, 6, tzinfo=SUMMER)


def test_no_site_takes_more_in_a_day_than_a_power_station() -> None:
    assert read_consumption(informative(energie=20_000_000)).energy == 20_000_000
    with pytest.raises(ImpossibleValueError, match="energie: too large"):
        read_consumption(informative(energie="1e9"))


@pytest.mark.parametrize(
    ("name", "bad"),
    [("coeff_pta", 1e5), ("valeur_pcs", "1e307"), ("coeff_conversion", 1e9)],
)
def test_an_absurd_coefficient_is_refused(name: str, bad: object) -> None:
    with pytest.raises(ImpossibleValueError, match=f"^{name}: "):
        read_consumption(informative(coeff_calcul={name: bad}))


@pytest.mark.parametrize(
    "bad", [-1, "-3", "NaN", "Infinity", "1e999", "1e307", 1e12, "douze", True]
)
@pytest.mark.parametrize("name", ["energie", "volume_brut", "volume_converti"])
def test_an_impossible_value_is_refused_by_the_name_of_its_field(
    name: str, bad: object
) -> None:
    with pytest.raises(ImpossibleValueError, match=f"^{name}: "):
        read_consumption(informative(**{name: bad}))


@pytest.mark.parametrize("name", ["coeff_pta", "valeur_pcs", "coeff_conversion"])
def test_a_negative_coefficient_is_refused(name: str) -> None:
    with pytest.raises(ImpossibleValueError, match=name):
        read_consumption(informative(coeff_calcul={name: -1}))


def test_a_negative_index_is_refused() -> None:
    wire = payload("informative")
    wire["releve_fin"]["index_brut_fin"]["valeur_index"] = -1325
    with pytest.raises(ImpossibleValueError, match="index_brut"):
        read_consumption(wire)


@pytest.mark.parametrize(
    "fields",
    [
        {"date_debut_consommation": "hier"},
        {"date_fin_consommation": "2021-08-16T06:00:00+02:00"},
        {"journee_gaziere": "2021-13-45"},
        {"journee_gaziere": "9999-12-31"},
        {"journee_gaziere": "2028-08-16"},
        {"date_fin_consommation": "9999-12-31T06:00:00+01:00"},
        {"date_fin_consommation": "2090-01-01T06:00:00+01:00"},
        {"date_debut_consommation": "0001-01-01"},
        {"date_debut_consommation": "2021-08-17", "date_fin_consommation": "16/08"},
        {"date_debut_consommation": "0202-08-16T06:00:00+02:00"},
        {"date_debut_consommation": None, "journee_gaziere": None},
    ],
)
def test_an_impossible_period_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleValueError):
        read_consumption(informative(**fields))


@pytest.mark.parametrize("pce", [None, 9999999900617, "999"])
def test_a_block_of_no_pce_is_refused(pce: object) -> None:
    with pytest.raises(ImpossibleValueError, match="id_pce"):
        read_consumption(payload("published") | {"pce": {"id_pce": pce}})


def test_a_block_without_consumption_is_refused() -> None:
    with pytest.raises(ImpossibleValueError, match="consommation"):
        read_consumption(payload("no_data"))


def test_case_accents_and_blanks_of_a_text_do_not_matter() -> None:
    block = read_consumption(
        informative(
            type_qualif_conso=" absence de donnees ",
            statut_conso="DEFINITIVE",
            type_conso="informative  HORAIRE",
            sens_flux_gaz="production ",
        )
    )
    assert block.qualification is Qualification.ABSENT
    assert block.status is ConsumptionStatus.FINAL
    assert block.kind is ConsumptionKind.INFORMATIVE_HOURLY
    assert block.direction is FlowDirection.PRODUCTION


def test_an_unknown_text_is_read_as_unknown() -> None:
    block = read_consumption(
        informative(type_qualif_conso="Deviné", statut_conso="?", type_conso=3)
    )
    assert block.qualification is Qualification.UNKNOWN
    assert block.status is ConsumptionStatus.UNKNOWN
    assert block.kind is ConsumptionKind.UNKNOWN


def test_a_refused_block_may_still_name_its_gas_day() -> None:
    assert gas_day_of(informative(energie=-1)) == date(2021, 8, 16)
    assert gas_day_of(payload("published")) == date(2021, 1, 1)
    assert gas_day_of({}) is None
