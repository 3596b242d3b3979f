"""Technical data: the meter and its address."""

from dataclasses import dataclass, field

from ..free_text import label
from .wire import JsonObject, WireEnum, flag, named, pce, section, size, text


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
    the transport grid hands over to the distribution grid.
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


def read_technical_data(wire: JsonObject) -> TechnicalData:
    """Return the technical data that GRDF gives.

    Raises:
        ImpossibleValueError: no PCE, or a negative flow or pressure.
    """
    data = section(wire.get("donnees_techniques"))
    place = section(data.get("situation_compteur"))
    meter = section(data.get("caracteristiques_compteur"))
    pitd = section(data.get("pitd"))
    owner = section(data.get("regime_propriete"))
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
        flow_rate=named(size, meter, "code_debit"),
        normalised_flow_rate=named(size, meter, "code_debit_normalise"),
        delivery_pressure=named(size, meter, "pression_livraison"),
        serial_number=label(text(meter.get("matricule_compteur"))),
        pitd_id=text(pitd.get("identifiant_pitd")),
        pitd_label=text(pitd.get("libelle_pitd")),
        meter_ownership=text(owner.get("regime_propriete_compteur")),
        converter_ownership=text(owner.get("regime_propriete_convertisseur")),
        station_ownership=text(owner.get("regime_propriete_poste")),
        recorder_ownership=text(owner.get("regime_propriete_enregistreur")),
    )
