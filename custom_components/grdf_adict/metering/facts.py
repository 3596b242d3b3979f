"""The few facts of a meter and its contract that are kept: none of a person."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from ..adict import ContractData, Frequency, TechnicalData
from .gas_day import hours_between


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFacts:
    """What is shown of a meter and its contract; None: unknown.

    Attributes:
        frequency: the reading frequency.
        capacity: the most kWh PCS an hour.
        calibre: the meter's size, "G4" for instance.
        flow_rate: m³/h.
        delivery_pressure: bar above the atmosphere.
        serial_number: the meter's own.
        changed_on: when the newest change of meter that was told took place.
        annual_reference_consumption: the CAR, kWh PCS a year.
        next_annual_reference_consumption: the one that follows, kWh PCS a year.
        delivery_tariff: T1, T2, T3, T4 or TP.
        profile: how consumption is supposed to spread over the year.
        next_profile: the one that follows.
        cja: the daily transport capacity, kWh a day.
        cja_daily: what is subscribed day by day, kWh a day.
        cja_monthly: what is subscribed month by month, kWh a day.
        modulation: its base.
        modulation_years: of the last year, the one before, and the one before that.
        in_service: since when gas is delivered.
    """

    frequency: Frequency = Frequency.UNKNOWN
    capacity: float | None = None
    calibre: str | None = None
    flow_rate: float | None = None
    delivery_pressure: float | None = None
    serial_number: str | None = None
    changed_on: date | None = None
    annual_reference_consumption: float | None = None
    next_annual_reference_consumption: float | None = None
    delivery_tariff: str | None = None
    profile: str | None = None
    next_profile: str | None = None
    cja: float | None = None
    cja_daily: float | None = None
    cja_monthly: float | None = None
    modulation: float | None = None
    modulation_years: tuple[float | None, ...] = ()
    in_service: date | None = None


def with_technical(facts: MeterFacts, technical: TechnicalData) -> MeterFacts:
    """Return the facts with what GRDF says of the meter."""
    return replace(
        facts,
        frequency=technical.frequency,
        capacity=hourly_capacity(
            flow_rate=technical.flow_rate,
            normalised_flow_rate=technical.normalised_flow_rate,
            delivery_pressure=technical.delivery_pressure,
        ),
        calibre=technical.calibre,
        flow_rate=technical.flow_rate,
        delivery_pressure=technical.delivery_pressure,
        # An answer without a number must not hide the change that the next one tells.
        serial_number=technical.serial_number or facts.serial_number,
    )


def with_contract(facts: MeterFacts, contract: ContractData) -> MeterFacts:
    """Return the facts with what GRDF says of the contract."""
    years = (contract.modulation_1, contract.modulation_2, contract.modulation_3)
    return replace(
        facts,
        annual_reference_consumption=contract.annual_reference_consumption,
        next_annual_reference_consumption=contract.next_annual_reference_consumption,
        delivery_tariff=contract.delivery_tariff,
        profile=contract.profile,
        next_profile=contract.next_profile,
        cja=contract.cja,
        cja_daily=contract.cja_daily,
        cja_monthly=contract.cja_monthly,
        modulation=contract.modulation_base,
        modulation_years=() if years == (None, None, None) else years,
        in_service=contract.in_service,
    )


def facts_to_json(facts: MeterFacts) -> dict[str, Any]:
    """Return facts as JSON values."""
    return {
        **asdict(facts),
        "frequency": facts.frequency.value,
        "changed_on": facts.changed_on and facts.changed_on.isoformat(),
        "in_service": facts.in_service and facts.in_service.isoformat(),
    }


def facts_from_json(stored: dict[str, Any]) -> MeterFacts:
    """Return the facts that `facts_to_json` wrote; those not kept then are unknown.

    Raises:
        KeyError, TypeError, ValueError: the values are not a meter's facts.
    """
    return MeterFacts(
        **{
            **stored,
            "frequency": Frequency(stored["frequency"]),
            "changed_on": _date(stored.get("changed_on")),
            "modulation_years": tuple(stored.get("modulation_years", ())),
            "in_service": _date(stored.get("in_service")),
        }
    )


def _date(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


_MOST_KWH_PER_M3: Final = 13.0


def hourly_capacity(
    *,
    flow_rate: float | None,
    normalised_flow_rate: float | None,
    delivery_pressure: float | None,
) -> float | None:
    """Return the most kWh PCS an hour, or None when no flow rate is known.

    Args:
        flow_rate: `code_debit`, m³/h at the delivery pressure.
        normalised_flow_rate: `code_debit_normalise`, m³/h at normal conditions.
        delivery_pressure: bar above the atmosphere.
    """
    if normalised_flow_rate:
        return normalised_flow_rate * _MOST_KWH_PER_M3
    if flow_rate:
        return flow_rate * (1 + (delivery_pressure or 0.0)) * _MOST_KWH_PER_M3
    return None


def most_energy(capacity: float | None, start: datetime, end: datetime) -> float | None:
    """Return the most kWh between two instants at an hourly capacity."""
    return None if capacity is None else capacity * hours_between(start, end)
