"""What is stored of a contract: one file, written whole."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from random import random
from typing import Any, Final, override

from homeassistant.core import HomeAssistant

from ..adict import AccessRightState, Journey, ProofState, QuotaState, day
from ..const import DOMAIN
from ..helpers.store import KnownWriteStore
from ..metering import Json, known_fields
from ..metering.schedule import CallRecord, DataFamily
from ..rights import MeterRight, MeterRights
from .base import record_from_json, to_json

_VERSION: Final = 3
_DATES: Final = (
    "first",
    "last",
    "ends",
    "starts",
    "declared",
    "proof_deadline",
    "proof_since",
)


class _MigratingStore(KnownWriteStore):
    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Json
    ) -> Json:
        # Before 3, rights had no id, proofs and dates: they are read from GRDF again.
        return {**old_data, "rights": {}, "mark": to_json(CallRecord())}


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted meter: the keys of its kept series, the ids of its open rights."""

    pce: str
    keys: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()


def _draw() -> float:
    return random()  # noqa: S311 - no secret: it spreads the calls


@dataclass(frozen=True, slots=True)
class ContractFile:
    """All that is stored of one contract.

    Attributes:
        phase: this installation's position in each slot of the day, 0 to below 1.
        rights: those on each PCE that is a meter here.
        active_rights: how many PCE have an active right on the contract.
        deleted: the deleted meters that the user is still asked about, by the id that
            their subentry had.
        seen: the PCE that the user was shown or has decided about; None: the rights
            were never read in full.
        proposed: the PCE with a new right that the user has not decided about.
    """

    phase: float = field(default_factory=_draw)
    quota: QuotaState | None = None
    rights: Mapping[str, MeterRights] = field(default_factory=dict)
    record: CallRecord = field(default_factory=CallRecord)
    active_rights: int = 0
    deleted: Mapping[str, Deleted] = field(default_factory=dict)
    seen: frozenset[str] | None = None
    proposed: tuple[str, ...] = ()


class ContractStore:
    """The file of one contract."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file of the config entry with this id."""
        self._store = _MigratingStore(hass, _VERSION, f"{DOMAIN}.account.{entry_id}")

    async def async_load(self) -> ContractFile:
        """Return what is stored, or a new file with a random phase."""
        stored = await self._store.async_load()
        if stored is None:
            return ContractFile()
        quota = stored["quota"]
        return ContractFile(
            phase=stored["draw"],
            quota=quota and QuotaState(date.fromisoformat(quota[0]), quota[1]),
            rights={
                pce: _rights(rights, stored.get("beside", {}).get(pce, ()))
                for pce, rights in stored["rights"].items()
            },
            record=record_from_json(stored["mark"]),
            active_rights=stored["held"],
            deleted={
                name: Deleted(left["pce"], tuple(left["keys"]), tuple(left["rights"]))
                for name, left in stored.get("departed", {}).items()
            },
            seen=None if (seen := stored.get("seen")) is None else frozenset(seen),
            proposed=tuple(stored.get("proposed", ())),
        )

    async def async_write(self, file: ContractFile) -> None:
        """Write the whole file; raises as `KnownWriteStore.async_write`."""
        await self._store.async_write(
            {
                "draw": file.phase,
                "quota": file.quota and [file.quota.day.isoformat(), file.quota.calls],
                "rights": {
                    pce: [
                        right and _right_json(right)
                        for right in (rights.consumption, rights.injection)
                    ]
                    for pce, rights in file.rights.items()
                },
                # Apart: an earlier version reads two rights of a PCE.
                "beside": {
                    pce: [_right_json(right) for right in rights.others]
                    for pce, rights in file.rights.items()
                    if rights.others
                },
                "mark": to_json(file.record),
                "held": file.active_rights,
                "departed": to_json(file.deleted),
                "seen": None if file.seen is None else sorted(file.seen),
                "proposed": list(file.proposed),
            }
        )

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove_for_good()


def _rights(stored: list[Json | None], others: Iterable[Json]) -> MeterRights:
    consumption, injection = (_right(right) if right else None for right in stored)
    return MeterRights(consumption, injection, tuple(map(_right, others)))


def _right(stored: Json) -> MeterRight:
    fields: dict[str, Any] = {
        **known_fields(MeterRight, stored),
        # An earlier version kept dates that stand for "no bound", as 9999-12-31.
        **{name: day(stored.get(name)) for name in _DATES},
        "state": AccessRightState(stored["state"]),
        "calls": frozenset(map(DataFamily, stored["calls"])),
        "journey": stored["journey"] and Journey(stored["journey"]),
        "proof_state": stored["proof_state"] and ProofState(stored["proof_state"]),
    }
    return MeterRight(**fields)


def _right_json(right: MeterRight) -> Json:
    fields = {**asdict(right), "calls": sorted(right.calls)}
    # It may name people.
    del fields["reason"]
    return to_json(fields)
