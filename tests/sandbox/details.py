"""Contractual and technical data (API notes §6)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from .meters import Frequency, Meter
from .wire import Json

_FILTERS: Final[dict[str, Callable[[Json], Json]]] = {
    "car": lambda data: {"car": data["car"]},
    "cja": lambda data: {"cja": data["cja"]},
    "profil_type_actuel": lambda data: {"profil": data["profil"]},
    "tarif_acheminement": lambda data: {
        "tarif_acheminement": data["tarif_acheminement"]
    },
    "date_mes": lambda data: {"date_mes": data["date_mes"]},
}
FILTERS: Final = frozenset(_FILTERS)


def contractual(meter: Meter, today: date, filters: Sequence[str] = ()) -> Json:
    """Return the contractual data, or only the filtered parts."""
    site = meter.site
    daily = meter.frequency is Frequency.DAILY
    # Reference and capacity are of what a site takes: a mere producer has none.
    taken = None if meter.use is None else site.annual_reference
    data: Json = {
        "date_mes": meter.since.isoformat(),
        "tarif_acheminement": site.tariff,
        "date_publication": today.replace(day=1).isoformat(),
        "consommation_journaliere_plafond": None,
        "car": {
            "car_actuelle": None if taken is None else str(taken),
            "car_future": None if taken is None else str(round(taken * 0.97)),
        },
        "cja": {
            "cja": str(taken // 200) if daily and taken is not None else None,
            "cja_journaliere": None,
            "cja_mensuelle": None,
        },
        "profil": {
            "date_debut_profil_type_actuel": f"{today.year}-04-01",
            "date_fin_profil_type_actuel": "9999-12-31",
            "profil_type_actuel": site.profile,
            "profil_type_futur": None,
        },
        "modulation": {
            "modulation_n_1": None,
            "modulation_n_2": None,
            "modulation_n_3": None,
            "assiette": None,
        },
    }
    kept: Json = {}
    for name in filters:
        kept |= _FILTERS[name](data)
    return {
        "pce": {"id_pce": meter.pce},
        "donnees_contractuelles": kept if filters else data,
        "statut_restitution": None,
    }


def technical(meter: Meter) -> Json:
    """Return the technical data."""
    site = meter.site
    owned = "Faisant partie intégrante du Réseau de Distribution"
    return {
        "pce": {"id_pce": meter.pce},
        "donnees_techniques": {
            "situation_compteur": {
                "numero_rue": site.street_number,
                "nom_rue": site.street,
                "complement_adresse": None,
                "code_postal": site.postcode,
                "commune": site.town,
            },
            "caracteristiques_compteur": {
                "frequence": meter.frequency.value,
                "client_sensible_mig": "Non",
                "code_calibre": site.calibre,
                "code_debit": site.flow_rate,
                "code_debit_normalise": None,
                "pression_livraison": "0.021",
                "matricule_compteur": site.serial_number,
            },
            "pitd": {"identifiant_pitd": "GD9999", "libelle_pitd": "BOURG-INVENTE"},
            "regime_propriete": {
                "regime_propriete_compteur": owned,
                "regime_propriete_convertisseur": (
                    owned if meter.has_converter else None
                ),
                "regime_propriete_poste": None,
                "regime_propriete_enregistreur": None,
            },
        },
        "statut_restitution": None,
    }
