"""Consumption blocks: the gas burnt between two moments, as GRDF gives it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from .wire import (
    PARIS,
    ImpossibleValueError,
    JsonObject,
    WireEnum,
    amount,
    count,
    day,
    flag,
    moment,
    named,
    pce,
    required,
    section,
    text,
    up_to,
)

_GAS_DAY_START: Final = time(6)
_ONE_DAY: Final = timedelta(days=1)
# GRDF gives five years of data.
_LONGEST: Final = timedelta(days=5 * 366)
# kWh a day: several times what the largest gas-fired power station takes.
_MOST_A_DAY: Final = 1e8
# PTA is about the pressure in bar, PCS is near 11 kWh/m³ (API notes §5).
_PTA: Final = up_to(100)
_PCS: Final = up_to(20)
_COEFFICIENT: Final = up_to(2000)


class Qualification(WireEnum):
    """How GRDF came to a consumption (deck, Consulter Consommations Publiées).

    Files that users export have the feminine and the singular.
    """

    MEASURED = "measured", "Mesuré", "Mesurée"
    ESTIMATED = "estimated", "Estimé", "Estimée"
    CORRECTED = "corrected", "Corrigé", "Corrigée"
    ABSENT = "absent", "Absence de Données", "Absence de Donnée"
    UNKNOWN = "unknown"


class ConsumptionStatus(WireEnum):
    """Whether GRDF still expects to change a consumption."""

    PROVISIONAL = "provisional", "Provisoire"
    FINAL = "final", "Définitive"
    UNKNOWN = "unknown"


class ConsumptionKind(WireEnum):
    """Which series a block belongs to."""

    PUBLISHED = "published", "Publiée"
    INFORMATIVE_DAILY = (
        "informative_daily",
        "Informative Journalier",
        "Informative Journalière",
    )
    INFORMATIVE_HOURLY = "informative_hourly", "Informative horaire"
    INJECTION = "injection"
    UNKNOWN = "unknown"


class FlowDirection(WireEnum):
    """Where the gas flows: to the customer, or into the grid."""

    CONSUMPTION = "consumption", "Consommation"
    PRODUCTION = "production", "Production"
    UNKNOWN = "unknown"


class ReadingQuality(WireEnum):
    """Whether an index was read or estimated."""

    MEASURED = "measured", "Mesure", "Mesuré"
    ESTIMATED = "estimated", "Estimation", "Estimé"
    UNKNOWN = "unknown"


class ReadingStatus(WireEnum):
    """Whether an index is the result of the normal process."""

    NORMAL = "normal", "Normal"
    RECTIFIED = "rectified", "Rectifié"
    CORRECTED = "corrected", "Corrigé"
    ABSENT = "absent", "Absence de Données"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An index at a moment.

    `index` counts raw m³, `converted_index` those of a converter, where 0 can mean that
    there is none. `at` is the index's own time, else the reading's.
    """

    at: datetime | None = None
    index: float | None = None
    converted_index: float | None = None
    reason: str | None = None
    reason_label: str | None = None
    quality: ReadingQuality | None = None
    status: ReadingStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """A block from `start` to `end`, the latter exclusive; both are aware.

    Energy is in kWh PCS, volumes are in m³, coefficients in kWh/m³ (PTA has no unit).
    What GRDF does not give is None, never 0; a `converted_volume` of 0 can mean absent.
    Never derive energy from a volume: GRDF's energy is not rounded to m³.
    """

    pce: str = field(repr=False)
    start: datetime
    end: datetime
    energy: float | None = None
    raw_volume: float | None = None
    converted_volume: float | None = None
    conversion_coefficient: float | None = None
    pta: float | None = None
    pcs: float | None = None
    qualification: Qualification = Qualification.UNKNOWN
    status: ConsumptionStatus | None = None
    kind: ConsumptionKind = ConsumptionKind.UNKNOWN
    direction: FlowDirection | None = None
    gas_day: date | None = None
    zero_return: bool | None = None
    start_reading: Reading | None = None
    end_reading: Reading | None = None
    slip_start: date | None = None
    slip_end: date | None = None
    slip_gas_days: int | None = None


def read_consumption(wire: JsonObject) -> Consumption:
    """Return the block that GRDF describes.

    Raises:
        ImpossibleValueError: it has no PCE or no period, or an impossible value.
    """
    block = _block(wire, "consommation")
    return _read(
        wire,
        block,
        _CONSUMPTION,
        kind=ConsumptionKind.read(block.get("type_conso")),
        direction=FlowDirection.read_optional(block.get("sens_flux_gaz")),
    )


def read_injection(wire: JsonObject) -> Consumption:
    """Return the block of injected gas that GRDF describes (API notes §5).

    Raises:
        ImpossibleValueError: it has no PCE or no period, or an impossible value.
    """
    return _read(
        wire,
        _block(wire, "injection"),
        _INJECTION,
        kind=ConsumptionKind.INJECTION,
        direction=FlowDirection.PRODUCTION,
    )


def gas_day_of(wire: JsonObject) -> date | None:
    """Return the gas day that a block names, or that it starts on, if legible."""
    for name, names in (("consommation", _CONSUMPTION), ("injection", _INJECTION)):
        block = section(wire.get(name))
        if found := day(block.get("journee_gaziere")) or day(block.get(names.start)):
            return found
    return None


def _bound(value: Any) -> datetime | None:
    """Return a time; a bare date is the start of its gas day."""
    return moment(value, _GAS_DAY_START)


_strict_day = required(day)
_strict_bound = required(_bound)


def _block(wire: JsonObject, name: str) -> JsonObject:
    block = wire.get(name)
    if not isinstance(block, dict):
        raise ImpossibleValueError(f"{name}: missing")
    return block


def _read(
    wire: JsonObject,
    block: JsonObject,
    names: _Names,
    *,
    kind: ConsumptionKind,
    direction: FlowDirection | None,
) -> Consumption:
    gas_day = named(_strict_day, block, "journee_gaziere")
    start, end = _period(block, names, gas_day)
    factors = section(block.get("coeff_calcul"))
    pta = named(_PTA, factors, "coeff_pta")
    pcs = named(_PCS, factors, "valeur_pcs")
    coefficient = named(_COEFFICIENT, factors, "coeff_conversion")
    most = _MOST_A_DAY * max(1, (end - start) / _ONE_DAY)
    slip = section(wire.get("bordereau_publication"))
    return Consumption(
        pce=pce(section(wire.get("pce")).get("id_pce")),
        start=start,
        end=end,
        energy=named(up_to(most), block, "energie"),
        raw_volume=named(amount, block, "volume_brut"),
        converted_volume=named(amount, block, "volume_converti"),
        # 1M gives the coefficient, others give its factors (API notes §5).
        conversion_coefficient=coefficient or (pta * pcs if pta and pcs else None),
        pta=pta,
        pcs=pcs,
        qualification=Qualification.read(block.get(names.qualification)),
        status=ConsumptionStatus.read_optional(block.get(names.status)),
        kind=kind,
        direction=direction,
        gas_day=gas_day,
        zero_return=flag(block.get("flag_retour_zero")),
        start_reading=_reading(
            wire.get("releve_debut"), "index_brut_debut", "index_converti_debut"
        ),
        end_reading=_reading(
            wire.get("releve_fin"), "index_brut_fin", "index_converti_fin"
        ),
        slip_start=day(slip.get("date_debut_bordereau")),
        slip_end=day(slip.get("date_fin_bordereau")),
        slip_gas_days=named(count, slip, "nb_jour_gazier"),
    )


def _period(
    block: JsonObject, names: _Names, gas_day: date | None
) -> tuple[datetime, datetime]:
    """Return start and end; a block without them is its gas day, 06:00 to 06:00."""
    start = named(_strict_bound, block, names.start)
    end = named(_strict_bound, block, names.end)
    if gas_day is not None:
        start = start or datetime.combine(gas_day, _GAS_DAY_START, PARIS)
        end = end or datetime.combine(gas_day + _ONE_DAY, _GAS_DAY_START, PARIS)
    if start is None or end is None:
        raise ImpossibleValueError(f"{names.start}: no period")
    if end <= start:
        raise ImpossibleValueError(f"{names.end}: not after the start")
    if end - start > _LONGEST:
        raise ImpossibleValueError(f"{names.end}: more than five years on")
    if gas_day is not None and not (
        start.date() - _ONE_DAY <= gas_day <= end.date() + _ONE_DAY
    ):
        raise ImpossibleValueError("journee_gaziere: outside the block")
    return start, end


@dataclass(frozen=True, slots=True)
class _Names:
    """The fields that consumptions and injections name differently."""

    start: str
    end: str
    qualification: str
    status: str


_CONSUMPTION: Final = _Names(
    start="date_debut_consommation",
    end="date_fin_consommation",
    qualification="type_qualif_conso",
    status="statut_conso",
)
_INJECTION: Final = _Names(
    start="date_debut_injection",
    end="date_fin_injection",
    qualification="type_qualif_injection",
    status="statut_injection",
)


def _reading(wire: object, raw_name: str, converted_name: str) -> Reading | None:
    if not isinstance(wire, dict):
        return None
    raw, converted = section(wire.get(raw_name)), section(wire.get(converted_name))
    return Reading(
        at=_bound(raw.get("horodate_Index")) or _bound(wire.get("date_releve")),
        index=named(amount, raw, "valeur_index", shown="index_brut"),
        converted_index=named(
            amount, converted, "valeur_index", shown="index_converti"
        ),
        reason=text(wire.get("raison_releve")),
        reason_label=text(wire.get("libelle_raison_releve")),
        quality=ReadingQuality.read_optional(wire.get("qualite_releve")),
        status=ReadingStatus.read_optional(wire.get("statut_releve")),
    )
