"""The few facts of a meter and its contract that are kept: no personal data."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from ..adict import ContractData, Frequency, TechnicalData, calibre_flow
from .gas_day import hours_between
from .json_values import Json, date_from_json, fields_to_json, known_fields
from .stored import checked, of_type

MOST_KWH_PER_M3: Final = 13.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFacts:
    """What is shown of a meter and its contract; None: unknown.

    Energies are kWh PCS. `capacity` is the most an hour, `flow_rate` is in m³/h,
    `delivery_pressure` in bar above the atmosphere, the annual reference consumption
    (CAR) in kWh a year, each `cja` in kWh a day. `changed_on` is the date of the newest
    change of meter that was reported; `modulation_years` are those of the last year,
    the one before, and the one before that.
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

    @property
    def most_an_hour(self) -> float | None:
        """The most kWh PCS an hour: by the flow rate, else by the calibre."""
        return self.capacity or hourly_capacity(
            flow_rate=calibre_flow(self.calibre),
            normalised_flow_rate=None,
            delivery_pressure=self.delivery_pressure,
        )


def with_technical(facts: MeterFacts, technical: TechnicalData) -> MeterFacts:
    """Return the facts with GRDF's technical data of the meter."""
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
        # An answer without a number must not hide the change that the next one shows.
        serial_number=technical.serial_number or facts.serial_number,
    )


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
        return normalised_flow_rate * MOST_KWH_PER_M3
    if flow_rate:
        return flow_rate * (1 + (delivery_pressure or 0.0)) * MOST_KWH_PER_M3
    return None


def most_energy(capacity: float | None, start: datetime, end: datetime) -> float | None:
    """Return the most kWh between two instants at an hourly capacity."""
    return None if capacity is None else capacity * hours_between(start, end)


def with_contract(facts: MeterFacts, contract: ContractData) -> MeterFacts:
    """Return the facts with GRDF's data of the contract."""
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


def facts_to_json(facts: MeterFacts) -> Json:
    """Return facts as JSON values."""
    return fields_to_json(facts)


def facts_from_json(stored: Json) -> MeterFacts:
    """Return the facts that `facts_to_json` wrote; those missing there are unknown.

    Raises:
        KeyError, TypeError, ValueError: the values are not a meter's facts.
    """
    return checked(
        MeterFacts(
            **{
                **known_fields(MeterFacts, stored),
                "frequency": Frequency(stored["frequency"]),
                "changed_on": date_from_json(stored.get("changed_on")),
                "modulation_years": tuple(
                    of_type(list, stored.get("modulation_years", []))
                ),
                "in_service": date_from_json(stored.get("in_service")),
            }
        )
    )
