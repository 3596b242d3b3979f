"""Technical data: the meter and its address."""

from dataclasses import dataclass, field
from itertools import pairwise
import re
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

# No appliance works below 17 mbar, and GRDF's networks end at 25 bar: only from 17 to
# 25 can a number be either (API notes §5). Nearly all sites have 21 mbar; more than 4
# bar goes to factories alone, and no pipe brings 1,000 m³/h at 21 mbar.
_LEAST_MILLIBAR: Final = 17
_MOST_BAR: Final = 25
_MOST_MILLIBAR: Final = 25_000
_LEAST_FLOW_IN_BAR: Final = 1000
# m³/h: the largest turbine meters pass 25,000, before pressure is reckoned with.
_MOST_FLOW: Final = 1e6
# Each calibre passes at most the number of the next one in m³/h: Qmax of EN 1359.
_SIZES: Final = (
    *(1.6, 2.5, 4.0, 6.0, 10.0, 16.0, 25.0, 40.0, 65.0, 100.0, 160.0, 250.0, 400.0),
    *(650.0, 1000.0, 1600.0, 2500.0, 4000.0, 6500.0, 10_000.0),
)
_CALIBRES: Final = dict(pairwise(_SIZES))
_CALIBRE: Final = re.compile(r"G?([0-9]{1,4}(?:[.,][0-9])?)", re.IGNORECASE)


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
    calibre = label(text(meter.get("code_calibre")))
    flow = named_or_noted(_flow, meter, "code_debit", refused)
    normalised_flow = named_or_noted(_flow, meter, "code_debit_normalise", refused)
    pressure = named_or_noted(_pressure, meter, "pression_livraison", refused)
    return TechnicalData(
        pce=pce(section(wire.get("pce")).get("id_pce")),
        frequency=Frequency.read(meter.get("frequence")),
        street_number=text(place.get("numero_rue")),
        street=text(place.get("nom_rue")),
        address_complement=text(place.get("complement_adresse")),
        postcode=text(place.get("code_postal")),
        town=text(place.get("commune")),
        sensitive_customer=flag(meter.get("client_sensible_mig")),
        calibre=calibre,
        flow_rate=flow,
        normalised_flow_rate=normalised_flow,
        delivery_pressure=_in_bar(
            pressure, flow or calibre_flow(calibre) or normalised_flow
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
    return size(value, _MOST_MILLIBAR)


def _in_bar(pressure: float | None, flow: float | None) -> float | None:
    """Return a pressure in bar, from bar or mbar; `flow` is the meter's, in m³/h."""
    if pressure is None or pressure < _LEAST_MILLIBAR:
        return pressure
    if pressure <= _MOST_BAR and flow is not None and flow >= _LEAST_FLOW_IN_BAR:
        return pressure
    return pressure / 1000


def calibre_flow(calibre: str | None) -> float | None:
    """Return the most m³/h that a calibre passes; None: unknown.

    It is written as "G4", "g 4" or "4"; others are unknown.
    """
    written = _CALIBRE.fullmatch("".join((calibre or "").split()))
    return _CALIBRES.get(float(written[1].replace(",", "."))) if written else None
