"""A block of consumption or injection as GRDF writes it (API notes §5)."""

from datetime import date
from typing import Final

from .blocks import ABSENT, CORRECTED, ESTIMATED, Block
from .clock import gas_day_start
from .meters import Flow, Frequency

type Json = dict[str, object]

_REASONS: Final = {
    "RNO": "Relevé normal",
    "CFR": "Changement de fréquence de relève",
    "CHF1": "Changement de fournisseur",
    "CHT": "Changement de tarif",
    "COM": "Changement de compteur",
    "RSP": "Résiliation",
}

_AMOUNTS: Final = {Flow.CONSUMPTION: "consommation", Flow.INJECTION: "injection"}
# How an amount's fields spell what they are of: the long and the short word.
_SPELLINGS: Final = {
    Flow.CONSUMPTION: ("consommation", "conso"),
    Flow.INJECTION: ("injection", "injection"),
}


def consumption(pce: str, period: Json, block: Block) -> Json:
    """Return one object of a stream of amounts; `period` echoes the query."""
    wire: Json = {
        "pce": {"id_pce": pce},
        "periode": period,
        "releve_debut": _reading(block, at_end=False),
        "releve_fin": _reading(block, at_end=True),
        _AMOUNTS[block.flow]: _amount(block),
        **_of_consumption(block.flow, _slip(block)),
        "statut_restitution": None,
    }
    for path, value in block.raw.items():
        _overwrite(wire, path, value, bare=_AMOUNTS[block.flow])
    return wire


def nothing(
    pce: str, period: Json, code: str, message: str, flow: Flow = Flow.CONSUMPTION
) -> Json:
    """Return the block without an amount that carries a functional code."""
    return {
        "pce": {"id_pce": pce},
        "periode": period,
        "releve_debut": None,
        "releve_fin": None,
        _AMOUNTS[flow]: None,
        **_of_consumption(flow, None),
        "statut_restitution": {"code": code, "message": message},
    }


def instant(day: date) -> str:
    """Return the start of a gas day with its offset, as GRDF writes it."""
    return gas_day_start(day).isoformat()


def _reading(block: Block, *, at_end: bool) -> Json:
    side = "fin" if at_end else "debut"
    index = block.index_end if at_end else block.index_start
    when = instant(block.end if at_end else block.start)
    reason = block.reason if at_end else None
    converted = block.converted_index_end if at_end else block.converted_index_start
    unused = _unused(block)
    return {
        "date_releve": None if block.informative or not at_end else when,
        "raison_releve": reason,
        "libelle_raison_releve": _REASONS.get(reason or ""),
        "qualite_releve": _quality(block, at_end=at_end),
        "statut_releve": _status(block, at_end=at_end),
        f"index_brut_{side}": {
            "valeur_index": index,
            "horodate_Index": None if index is None else when,
        },
        f"index_converti_{side}": {
            "valeur_index": unused if converted is None else converted,
            "horodate_Index": None if converted is None else when,
        },
    }


def _quality(block: Block, *, at_end: bool) -> str | None:
    if block.is_absent:
        return None
    guessed = at_end and block.qualification == ESTIMATED
    return "Estimation" if guessed else "Mesure"


def _status(block: Block, *, at_end: bool) -> str:
    if block.is_absent:
        return ABSENT
    return "Corrigé" if at_end and block.qualification == CORRECTED else "Normal"


def _of_consumption(flow: Flow, slip: Json | None) -> Json:
    """Return the publication slip, which injections lack."""
    return {"bordereau_publication": slip} if flow is Flow.CONSUMPTION else {}


def _amount(block: Block) -> Json:
    word, short = _SPELLINGS[block.flow]
    converted = _unused(block)
    names_its_day = block.informative or block.frequency is Frequency.DAILY
    return {
        f"date_debut_{word}": instant(block.start),
        f"date_fin_{word}": instant(block.end),
        "flag_retour_zero": None if block.is_absent else False,
        "volume_brut": block.m3,
        "coeff_calcul": {
            "coeff_pta": block.pta,
            "valeur_pcs": block.pcs,
            "coeff_conversion": block.coefficient,
        },
        "volume_converti": (
            converted if block.converted_m3 is None else block.converted_m3
        ),
        "energie": block.kwh,
        f"type_qualif_{short}": block.qualification,
        "sens_flux_gaz": block.flow.value,
        f"statut_{short}": block.status,
        "journee_gaziere": block.start.isoformat() if names_its_day else None,
        f"type_{short}": "Informative Journalier" if block.informative else "Publiée",
    }


def _unused(block: Block) -> int | None:
    """Return what stands for a converter that is not there."""
    return None if block.informative or block.is_absent else 0


def _slip(block: Block) -> Json:
    published = not block.informative and block.frequency is not Frequency.DAILY
    return {
        "date_debut_bordereau": block.start.isoformat() if published else None,
        "date_fin_bordereau": block.end.isoformat() if published else None,
        "nb_jour_gazier": (block.end - block.start).days if published else None,
    }


def _overwrite(wire: Json, path: str, value: object, *, bare: str) -> None:
    """Set a field by `a__b__c`, or by its bare name in the amount."""
    *folders, name = path.split("__")
    place: object = wire
    for folder in folders or [bare]:
        place = place[folder] if isinstance(place, dict) else None
    if isinstance(place, dict):
        coefficients = place.get("coeff_calcul")
        if isinstance(coefficients, dict) and name in coefficients:
            place = coefficients
        place[name] = value
