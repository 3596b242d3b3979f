"""What is stored of a contract: one file, written whole."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from random import random
from typing import Any, Final, override

from homeassistant.core import HomeAssistant

from ..adict import AccessRightState, Journey, ProofState, QuotaState, day
from ..const import DOMAIN
from ..helpers.store import KnownWriteStore
from ..metering import (
    Json,
    PartReader,
    checked,
    known_fields,
    number,
    of_type,
    stored_day,
)
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
    def upgraded(self, data: Json) -> Json:
        # Before 3, rights had no id, proofs and dates: they are read from GRDF again.
        return {**data, "rights": {}, "mark": to_json(CallRecord())}


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
        key = f"{DOMAIN}.account.{entry_id}"
        self._store = _MigratingStore(hass, _VERSION, key, entry_id)

    async def async_load(self) -> ContractFile:
        """Return what can be read, or a new file with a random phase."""
        return await self._store.async_read(contract_from_json) or ContractFile()

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


def contract_from_json(stored: Json, reader: PartReader) -> ContractFile:
    """Return what can be read of a contract's file."""
    beside = reader.table_field(
        stored, "beside", str, partial(_others, reader), may_miss=True
    )
    file = ContractFile(
        phase=reader.field(stored, "draw", _phase, _draw()),
        quota=reader.field(stored, "quota", _quota, None),
        rights={
            pce: MeterRights(*deciding, beside.get(pce, ()))
            for pce, deciding in reader.table_field(
                stored, "rights", str, _deciding
            ).items()
        },
        record=reader.field(stored, "mark", record_from_json, CallRecord()),
        active_rights=reader.field(stored, "held", _count, 0),
        deleted=reader.table_field(stored, "departed", str, _deleted, may_miss=True),
        seen=reader.field(stored, "seen", _seen, None, may_miss=True),
        proposed=reader.field(stored, "proposed", _texts, (), may_miss=True),
    )
    # GRDF's list of rights makes up for what is unreadable.
    return replace(file, record=CallRecord()) if reader.unreadable else file


def _phase(stored: Any) -> float:
    if (phase := number(stored)) >= 1:
        raise ValueError(phase)
    return phase


def _count(stored: Any) -> int:
    return int(number(of_type(int, stored)))


def _quota(stored: list[Any] | None) -> QuotaState | None:
    if stored is None:
        return None
    on, calls = stored
    return QuotaState(stored_day(on), _count(calls))


def _texts(stored: Any) -> tuple[str, ...]:
    return tuple(of_type(str, text) for text in of_type(list, stored))


def _seen(stored: Any) -> frozenset[str] | None:
    return None if stored is None else frozenset(_texts(stored))


def _deleted(stored: Json) -> Deleted:
    return checked(
        Deleted(stored["pce"], _texts(stored["keys"]), _texts(stored["rights"]))
    )


def _deciding(stored: Any) -> tuple[MeterRight | None, MeterRight | None]:
    consumption, injection = (
        None if right is None else _right(right) for right in of_type(list, stored)
    )
    return consumption, injection


def _others(reader: PartReader, stored: Any) -> tuple[MeterRight, ...]:
    return tuple(reader.items("beside", _right, stored))


def _right(stored: Json) -> MeterRight:
    fields: dict[str, Any] = {
        **known_fields(MeterRight, stored),
        **{name: _bound(stored.get(name)) for name in _DATES},
        "state": AccessRightState(stored["state"]),
        "calls": frozenset(map(DataFamily, _texts(stored["calls"]))),
        "journey": _word(Journey, stored["journey"]),
        "proof_state": _word(ProofState, stored["proof_state"]),
    }
    return checked(MeterRight(**fields))


def _word[T: StrEnum](kind: type[T], stored: Any) -> T | None:
    return None if stored is None else kind(stored)


def _bound(stored: Any) -> date | None:
    # An earlier version kept dates that stand for "no bound", as 9999-12-31.
    return None if stored is None else day(date.fromisoformat(stored).isoformat())


def _right_json(right: MeterRight) -> Json:
    fields = {**asdict(right), "calls": sorted(right.calls)}
    # It may name people.
    del fields["reason"]
    return to_json(fields)
