"""Technical data: the meter, and where it hangs."""

from dataclasses import dataclass, field
from enum import StrEnum

from .wire import JsonObject, Vocabulary, flag, named, pce, section, size, text


class Frequency(StrEnum):
    """How often a meter is read, in GRDF's own codes."""

    SIX_MONTHLY = "6M"
    MONTHLY = "1M"
    BUSINESS_MONTHLY = "MM"
    DAILY = "JJ"
    UNKNOWN = "unknown"


_FREQUENCIES = Vocabulary(
    {
        "6M": Frequency.SIX_MONTHLY,
        "1M": Frequency.MONTHLY,
        "MM": Frequency.BUSINESS_MONTHLY,
        "JJ": Frequency.DAILY,
    },
    Frequency.UNKNOWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalData:
    """What GRDF knows of a meter; the address is personal and stays out of `repr`.

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
    """Return what GRDF says of a meter.

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
        frequency=_FREQUENCIES.read(meter.get("frequence")),
        street_number=text(place.get("numero_rue")),
        street=text(place.get("nom_rue")),
        address_complement=text(place.get("complement_adresse")),
        postcode=text(place.get("code_postal")),
        town=text(place.get("commune")),
        sensitive_customer=flag(meter.get("client_sensible_mig")),
        calibre=text(meter.get("code_calibre")),
        flow_rate=named("code_debit", size, meter.get("code_debit")),
        normalised_flow_rate=named(
            "code_debit_normalise", size, meter.get("code_debit_normalise")
        ),
        delivery_pressure=named(
            "pression_livraison", size, meter.get("pression_livraison")
        ),
        serial_number=text(meter.get("matricule_compteur")),
        pitd_id=text(pitd.get("identifiant_pitd")),
        pitd_label=text(pitd.get("libelle_pitd")),
        meter_ownership=text(owner.get("regime_propriete_compteur")),
        converter_ownership=text(owner.get("regime_propriete_convertisseur")),
        station_ownership=text(owner.get("regime_propriete_poste")),
        recorder_ownership=text(owner.get("regime_propriete_enregistreur")),
    )
