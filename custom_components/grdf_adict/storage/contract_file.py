"""What outlives a restart of a contract: one file, written whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import random
from typing import Final, override

from homeassistant.core import HomeAssistant

from ..adict import AccessRightState, Journey, ProofState, QuotaState
from ..const import DOMAIN
from ..helpers.store import KnownWriteStore
from ..metering import Json
from ..metering.schedule import CallRecord, DataFamily
from ..rights import MeterRight, MeterRights
from .base import date_from_json, record_from_json, record_to_json

_VERSION: Final = 3


class _AccountFileStore(KnownWriteStore):
    """Brings a contract's file of an earlier version up to date."""

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Json
    ) -> Json:
        # Before 3, a right was kept without its name, proofs and dates: GRDF is asked.
        return {**old_data, "rights": {}, "mark": record_to_json(CallRecord())}


@dataclass(frozen=True, slots=True)
class Deleted:
    """A meter that was deleted, and what may be left of it.

    Attributes:
        pce: its PCE.
        keys: of the series that are kept of it.
        rights: the names of its rights that lived on.
    """

    pce: str
    keys: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()


def _draw() -> float:
    return random()  # noqa: S311 - no secret: it spreads the calls


@dataclass(frozen=True, slots=True)
class ContractFile:
    """Everything that is kept of one contract.

    Attributes:
        phase: this installation's place in each slot of the day, from 0 to below 1.
        quota: the calls counted on a day.
        rights: those that decide for each PCE that is a meter here.
        record: how reading the rights fared.
        active_rights: how many PCE have an active right on the contract.
        deleted: the deleted meters that somebody is still to be asked about, by the
            name that their subentry had.
        seen: the PCE of which somebody knows that the contract may see them; None: the
            rights were not read whole yet.
        proposed: those PCE with a right of late that nobody has decided about.
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
        self._store = _AccountFileStore(hass, _VERSION, f"{DOMAIN}.account.{entry_id}")

    async def async_load(self) -> ContractFile:
        """Return what was kept, or a new file with a draw of its own."""
        stored = await self._store.async_load()
        if stored is None:
            return ContractFile()
        quota = stored["quota"]
        return ContractFile(
            phase=stored["draw"],
            quota=quota and QuotaState(date.fromisoformat(quota[0]), quota[1]),
            rights={pce: _rights(rights) for pce, rights in stored["rights"].items()},
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
        """Write the whole file.

        Raises:
            WriteFailedError: nothing was written; the file is as it was before.
        """
        await self._store.async_write(
            {
                "draw": file.phase,
                "quota": file.quota and [file.quota.day.isoformat(), file.quota.calls],
                "rights": {
                    pce: [
                        _right_json(rights.consumption),
                        _right_json(rights.injection),
                    ]
                    for pce, rights in file.rights.items()
                },
                "mark": record_to_json(file.record),
                "held": file.active_rights,
                "departed": {
                    name: {
                        "pce": left.pce,
                        "keys": list(left.keys),
                        "rights": list(left.rights),
                    }
                    for name, left in file.deleted.items()
                },
                "seen": None if file.seen is None else sorted(file.seen),
                "proposed": list(file.proposed),
            }
        )

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove()


def _rights(stored: list[Json | None]) -> MeterRights:
    consumption, injection = map(_right, stored)
    return MeterRights(consumption, injection)


def _right(stored: Json | None) -> MeterRight | None:
    if stored is None:
        return None
    journey, proof_state = stored["journey"], stored["proof_state"]
    return MeterRight(
        id=stored["id"],
        state=AccessRightState(stored["state"]),
        calls=frozenset(DataFamily(call) for call in stored["calls"]),
        first=date_from_json(stored["first"]),
        last=date_from_json(stored["last"]),
        injects=stored["injects"],
        ends=date_from_json(stored["ends"]),
        starts=date_from_json(stored["starts"]),
        declared=date_from_json(stored["declared"]),
        journey=journey and Journey(journey),
        proof_state=proof_state and ProofState(proof_state),
        proof_deadline=date_from_json(stored["proof_deadline"]),
        former=stored["former"],
    )


def _right_json(right: MeterRight | None) -> Json | None:
    if right is None:
        return None
    return {
        "id": right.id,
        "state": right.state.value,
        "calls": sorted(call.value for call in right.calls),
        "first": right.first and right.first.isoformat(),
        "last": right.last and right.last.isoformat(),
        "injects": right.injects,
        "ends": right.ends and right.ends.isoformat(),
        "starts": right.starts and right.starts.isoformat(),
        "declared": right.declared and right.declared.isoformat(),
        "journey": right.journey and right.journey.value,
        "proof_state": right.proof_state and right.proof_state.value,
        "proof_deadline": right.proof_deadline and right.proof_deadline.isoformat(),
        "former": right.former,
    }
