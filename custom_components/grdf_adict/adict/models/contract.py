"""Contractual data: the customer's gas contract for a PCE."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ..free_text import label
from .wire import JsonObject, amount, day, named_or_noted, pce, section, size, text


class ContractField(StrEnum):
    """A family of contractual data that can be asked for alone, by GRDF's names."""

    ANNUAL_REFERENCE_CONSUMPTION = "car"
    DAILY_CAPACITY = "cja"
    PROFILE = "profil_type_actuel"
    DELIVERY_TARIFF = "tarif_acheminement"
    IN_SERVICE = "date_mes"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractData:
    """The contractual facts of a PCE.

    The annual reference consumption (CAR) is in kWh a year, the daily transport
    capacity (CJA) and the daily cap are in kWh a day. `profile_end` is None for a
    profile without an end. `delivery_tariff` is T1, T2, T3, T4 or TP. `refused`
    has the reason of each impossible number, which is None.
    """

    pce: str = field(repr=False)
    in_service: date | None = None
    delivery_tariff: str | None = None
    published_on: date | None = None
    daily_cap: float | None = None
    annual_reference_consumption: float | None = None
    next_annual_reference_consumption: float | None = None
    cja: float | None = None
    cja_daily: float | None = None
    cja_monthly: float | None = None
    profile: str | None = None
    profile_start: date | None = None
    profile_end: date | None = None
    next_profile: str | None = None
    modulation_1: float | None = None
    modulation_2: float | None = None
    modulation_3: float | None = None
    modulation_base: float | None = None
    refused: tuple[str, ...] = ()


def read_contract_data(wire: JsonObject) -> ContractData:
    """Return the contractual data that GRDF gives.

    Raises:
        ImpossibleValueError: no PCE.
    """
    data = section(wire.get("donnees_contractuelles"))
    car = _by_name(data.get("car"), "car_actuelle")
    cja = _by_name(data.get("cja"), "cja")
    profile = section(data.get("profil"))
    modulation = section(data.get("modulation"))
    refused: list[str] = []
    return ContractData(
        pce=pce(section(wire.get("pce")).get("id_pce")),
        in_service=day(data.get("date_mes")),
        delivery_tariff=label(text(data.get("tarif_acheminement"))),
        published_on=day(data.get("date_publication")),
        daily_cap=named_or_noted(
            amount, data, "consommation_journaliere_plafond", refused
        ),
        annual_reference_consumption=named_or_noted(
            amount, car, "car_actuelle", refused
        ),
        next_annual_reference_consumption=named_or_noted(
            amount, car, "car_future", refused
        ),
        cja=named_or_noted(amount, cja, "cja", refused),
        cja_daily=named_or_noted(amount, cja, "cja_journaliere", refused),
        cja_monthly=named_or_noted(amount, cja, "cja_mensuelle", refused),
        profile=label(text(profile.get("profil_type_actuel"))),
        profile_start=day(profile.get("date_debut_profil_type_actuel")),
        profile_end=day(profile.get("date_fin_profil_type_actuel")),
        next_profile=label(text(profile.get("profil_type_futur"))),
        modulation_1=named_or_noted(size, modulation, "modulation_n_1", refused),
        modulation_2=named_or_noted(size, modulation, "modulation_n_2", refused),
        modulation_3=named_or_noted(size, modulation, "modulation_n_3", refused),
        modulation_base=named_or_noted(size, modulation, "assiette", refused),
        refused=tuple(refused),
    )


def _by_name(value: object, name: str) -> JsonObject:
    """Return a group of numbers; older answers gave the first one bare."""
    return value if isinstance(value, dict) else {name: value}
