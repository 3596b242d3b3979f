"""The sandbox's meters: who they are, how they are read and what burns behind them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from .clock import years_before

HOUSE: Final = "09999999900001"
FLAT: Final = "09999999900002"
HALF_YEARLY: Final = "09999999900003"
WAITING: Final = "09999999900004"
FORMER: Final = "09999999900005"
BUSINESS: Final = "GI990021"
INDUSTRY: Final = "GI990042"
PRODUCER: Final = "GI990063"
FARM: Final = "GI990084"

ORIGIN: Final = date(2018, 7, 1)
_WORKSHOP_WEEK: Final = (1.15, 1.15, 1.15, 1.15, 1.1, 0.8, 0.5)
_OFFICE_WEEK: Final = (1.25, 1.2, 1.2, 1.2, 1.1, 0.55, 0.5)
_HOME_WEEK: Final = (0.95, 0.95, 1.0, 0.95, 0.95, 1.1, 1.1)
_EVERY_DAY_ALIKE: Final = (1.0,) * 7


class Flow(StrEnum):
    """Which way gas passes a meter, as GRDF spells `sens_flux_gaz`."""

    CONSUMPTION = "Consommation"
    INJECTION = "Production"


class Frequency(StrEnum):
    """How often a meter is read, as GRDF spells it (deck, Les types de données)."""

    HALF_YEARLY = "6M"
    MONTHLY = "1M"
    BUSINESS_MONTHLY = "MM"
    DAILY = "JJ"

    @property
    def is_informative(self) -> bool:
        """Whether the meter has an informative daily series."""
        return self in {Frequency.MONTHLY, Frequency.BUSINESS_MONTHLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What burns gas behind a meter, in kWh of gas (PCS) a day.

    What a producer injects is told alike: `hot_water` is its even part.
    """

    heating: float
    hot_water: float
    week: tuple[float, ...] = _HOME_WEEK
    base_temperature: float = 16.0
    holidays: bool = False
    conversion: float = 11.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A meter's contract, hardware and (invented) address."""

    calibre: str = "G4"
    flow_rate: str = "6"
    tariff: str = "T2"
    annual_reference: int = 10_400
    profile: str = "P012"
    street_number: str = "1"
    street: str = "RUE DE LA FLAMME"
    postcode: str = "98999"
    town: str = "BOURG-INVENTE"
    serial_number: str = "2018900001"
    holder_name: str = ""
    holder_company: str = ""
    mail: str = "titulaire@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A reading outside the calendar: its day, GRDF's reason, a new meter or not."""

    day: date
    reason: str
    new_meter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A metering point.

    `phases` are (first gas day, frequency); gas days end before `until`. `use` is
    what it consumes, `output` what it injects; either may be None.
    """

    pce: str
    role: str
    phases: tuple[tuple[date, Frequency], ...]
    use: Use | None = None
    output: Use | None = None
    site: Site = field(default_factory=Site)
    reading_day: int = 1
    first_index: int = 0
    until: date | None = None
    events: tuple[Event, ...] = ()

    @property
    def since(self) -> date:
        """Return the first gas day."""
        return self.phases[0][0]

    @property
    def frequency(self) -> Frequency:
        """Return the frequency that technical data give: the newest."""
        return self.phases[-1][1]

    def frequency_on(self, day: date) -> Frequency:
        """Return the frequency that holds on a gas day."""
        return next(kind for since, kind in reversed(self.phases) if since <= day)

    def through(self, flow: Flow) -> Use | None:
        """Return what passes the meter one way; None where nothing does."""
        return self.use if flow is Flow.CONSUMPTION else self.output

    @property
    def has_converter(self) -> bool:
        """Whether a converter counts m³ at normal pressure and temperature."""
        return any(kind is Frequency.DAILY for _, kind in self.phases)


def fleet(today: date) -> dict[str, Meter]:
    """Return the invented meters, keyed by PCE, as they stand around a date."""
    meters = (
        Meter(
            pce=HOUSE,
            role="HOUSE",
            phases=((ORIGIN, Frequency.MONTHLY),),
            use=Use(heating=4.6, hot_water=7.0, holidays=True),
            site=Site(holder_name="MME CAMILLE EXEMPLE", mail="camille@example.com"),
            reading_day=12,
            first_index=771,
        ),
        Meter(
            pce=FLAT,
            role="FLAT",
            phases=(
                (ORIGIN, Frequency.HALF_YEARLY),
                (_half_year(years_before(today, 2)), Frequency.MONTHLY),
            ),
            use=Use(heating=2.1, hot_water=4.5, holidays=True, conversion=11.0),
            site=Site(
                annual_reference=5_300,
                profile="P011",
                street_number="12",
                serial_number="2018900002",
                holder_name="M. SACHA EXEMPLE",
                mail="sacha@example.com",
            ),
            reading_day=23,
            first_index=4210,
        ),
        Meter(
            pce=HALF_YEARLY,
            role="HALF_YEARLY",
            phases=((ORIGIN, Frequency.HALF_YEARLY),),
            use=Use(heating=3.6, hot_water=5.5),
            site=Site(
                annual_reference=8_200,
                street_number="3",
                serial_number="2018900003",
                holder_name="MME DOMINIQUE EXEMPLE",
                mail="dominique@example.com",
            ),
            reading_day=8,
            first_index=15_020,
        ),
        Meter(
            pce=WAITING,
            role="WAITING",
            phases=((ORIGIN, Frequency.MONTHLY),),
            use=Use(heating=3.9, hot_water=6.0),
            site=Site(
                street_number="4",
                serial_number="2018900004",
                holder_name="M. ALIX EXEMPLE",
                mail="alix@example.com",
            ),
            reading_day=5,
        ),
        Meter(
            pce=FORMER,
            role="FORMER",
            phases=((ORIGIN, Frequency.MONTHLY),),
            use=Use(heating=4.2, hot_water=6.0),
            site=Site(
                street_number="5",
                serial_number="2018900005",
                holder_name="MME DOMINIQUE EXEMPLE",
                mail="dominique@example.com",
            ),
            reading_day=17,
        ),
        Meter(
            pce=BUSINESS,
            role="BUSINESS",
            phases=((ORIGIN, Frequency.BUSINESS_MONTHLY),),
            use=Use(heating=110, hot_water=90, week=_OFFICE_WEEK, conversion=10.1),
            site=Site(
                calibre="G40",
                flow_rate="65",
                tariff="T3",
                annual_reference=221_000,
                profile="P016",
                street_number="20",
                serial_number="2018900006",
                holder_company="BUREAUX EXEMPLE SARL",
                mail="bureaux@example.com",
            ),
            first_index=230_400,
        ),
        Meter(
            pce=INDUSTRY,
            role="INDUSTRY",
            phases=((ORIGIN, Frequency.DAILY),),
            use=Use(heating=520, hot_water=11_500, week=_WORKSHOP_WEEK),
            site=Site(
                calibre="G250",
                flow_rate="400",
                tariff="T4",
                annual_reference=5_150_000,
                profile="P019",
                street_number="100",
                serial_number="2018900007",
                holder_company="USINE EXEMPLE SA",
                mail="usine@example.com",
            ),
            first_index=1_840_000,
        ),
        Meter(
            pce=PRODUCER,
            role="PRODUCER",
            phases=((ORIGIN, Frequency.DAILY),),
            output=Use(
                heating=0, hot_water=62_000, week=_EVERY_DAY_ALIKE, conversion=10.7
            ),
            site=Site(
                calibre="G250",
                flow_rate="400",
                tariff="T4",
                annual_reference=0,
                profile="P019",
                street_number="200",
                serial_number="2018900008",
                holder_company="METHANISEUR EXEMPLE SAS",
                mail="methaniseur@example.com",
            ),
            first_index=512_000,
        ),
        Meter(
            pce=FARM,
            role="FARM",
            phases=((ORIGIN, Frequency.DAILY),),
            use=Use(heating=35, hot_water=420, conversion=11.1),
            output=Use(
                heating=0, hot_water=18_500, week=_EVERY_DAY_ALIKE, conversion=10.7
            ),
            site=Site(
                calibre="G65",
                flow_rate="100",
                tariff="T3",
                annual_reference=242_000,
                profile="P016",
                street_number="300",
                serial_number="2018900009",
                holder_company="FERME EXEMPLE EARL",
                mail="ferme@example.com",
            ),
            first_index=96_000,
        ),
    )
    return {meter.pce: meter for meter in meters}


def _half_year(day: date) -> date:
    return date(day.year, 7 if day.month > 6 else 1, 1)
