"""Technical data: the meter and its address."""

from dataclasses import dataclass, field
from typing import Any, Final

from ..free_text import label
from .wire import (
    JsonObject,
    WireEnum,
    flag,
    named_or_noted,
    pce,
    section,
    size,
    text,
)

# No appliance works below 17 mbar, and GRDF's networks end at 25 bar: a number between
# is in one unit only, but for the few customers at 17 to 25 bar. Read as mbar there,
# the meter's limit is too narrow, which costs a day of waiting; read as bar, it would
# be twentyfold (API notes §5).
_LEAST_MILLIBAR: Final = 17
_MOST_MILLIBAR: Final = 25_000
# m³/h: the largest turbine meters pass 25,000, before pressure is reckoned with.
_MOST_FLOW: Final = 1e6


class Frequency(WireEnum):
    """How often a meter is read, in GRDF's own codes."""

    SIX_MONTHLY = "6M", "6M"
    MONTHLY = "1M", "1M"
    BUSINESS_MONTHLY = "MM", "MM"
    DAILY = "JJ", "JJ"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalData:
    """The technical facts of a meter; the address is personal and stays out of `repr`.

    Flow rates are in m³/h, the delivery pressure is in bar. `pitd` is the point where
    the transport grid hands over to the distribution grid. `refused` has the reason of
    each impossible value, which is None.
    """

    pce: str = field(repr=False)
    frequency: Frequency = Frequency.UNKNOWN
    street_number: str | None = field(default=None, repr=False)
    street: str | None = field(default=None, repr=False)
    address_complement: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    town: str | None = field(default=None, repr=False)
    sensitive_customer: bool | None = None
    calibre: str | None = None
    flow_rate: float | None = None
    normalised_flow_rate: float | None = None
    delivery_pressure: float | None = None
    serial_number: str | None = field(default=None, repr=False)
    pitd_id: str | None = None
    pitd_label: str | None = None
    meter_ownership: str | None = None
    converter_ownership: str | None = None
    station_ownership: str | None = None
    recorder_ownership: str | None = None
    refused: tuple[str, ...] = ()


def read_technical_data(wire: JsonObject) -> TechnicalData:
    """Return the technical data that GRDF gives.

    Raises:
        ImpossibleValueError: no PCE.
    """
    data = section(wire.get("donnees_techniques"))
    place = section(data.get("situation_compteur"))
    meter = section(data.get("caracteristiques_compteur"))
    pitd = section(data.get("pitd"))
    owner = section(data.get("regime_propriete"))
    refused: list[str] = []
    return TechnicalData(
        pce=pce(section(wire.get("pce")).get("id_pce")),
        frequency=Frequency.read(meter.get("frequence")),
        street_number=text(place.get("numero_rue")),
        street=text(place.get("nom_rue")),
        address_complement=text(place.get("complement_adresse")),
        postcode=text(place.get("code_postal")),
        town=text(place.get("commune")),
        sensitive_customer=flag(meter.get("client_sensible_mig")),
        calibre=label(text(meter.get("code_calibre"))),
        flow_rate=named_or_noted(_flow, meter, "code_debit", refused),
        normalised_flow_rate=named_or_noted(
            _flow, meter, "code_debit_normalise", refused
        ),
        delivery_pressure=named_or_noted(
            _pressure, meter, "pression_livraison", refused
        ),
        serial_number=label(text(meter.get("matricule_compteur"))),
        pitd_id=text(pitd.get("identifiant_pitd")),
        pitd_label=text(pitd.get("libelle_pitd")),
        meter_ownership=text(owner.get("regime_propriete_compteur")),
        converter_ownership=text(owner.get("regime_propriete_convertisseur")),
        station_ownership=text(owner.get("regime_propriete_poste")),
        recorder_ownership=text(owner.get("regime_propriete_enregistreur")),
        refused=tuple(refused),
    )


def _flow(value: Any) -> float | None:
    return size(value, _MOST_FLOW)


def _pressure(value: Any) -> float | None:
    """Return a pressure in bar, from bar or mbar."""
    pressure = size(value, _MOST_MILLIBAR)
    if pressure is None or pressure < _LEAST_MILLIBAR:
        return pressure
    return pressure / 1000
