"""Which PCE can become meters: the rights of a contract, and the ones still free."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import SelectOptionDict

from ..adict import AccessRight, AccessRightState, InvalidPceError, mask_pce, parse_pce
from ..const import CONF_PCE, DOMAIN, SUBENTRY_TYPE_METER, GrdfEnvironment
from ..dashboard.offer import Showable
from ..helpers.ids import meter_key
from ..rights import deciding_rights, meter_right
from .connection import environment_of, holds_contract


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a PCE cannot become a meter: the key of the text, and what fills it."""

    key: str
    placeholders: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeterCandidates:
    """The PCE of a contract, as they can be chosen from.

    Attributes:
        rights: the right that decides for each PCE.
        owners: who already has a PCE as a meter: the entry by meter key.
        environment: the contract's.
        today: the date in France.
        language: of the titles.
    """

    rights: Mapping[str, AccessRight]
    owners: Mapping[str, ConfigEntry]
    environment: GrdfEnvironment
    today: date
    language: str

    def options(self) -> list[SelectOptionDict]:
        """Return the PCE that can be chosen, with what helps to recognise them."""
        return [
            SelectOptionDict(value=pce, label=_label(right, self.owner(pce)))
            for pce, right in sorted(self.rights.items())
            if self.refusal(pce) is None
        ]

    def refusal(self, typed: str) -> Refusal | None:
        """Return why a chosen or typed PCE cannot become a meter; None: it can."""
        try:
            pce = parse_pce(typed)
        except InvalidPceError:
            return Refusal("invalid_pce", {"pce": typed})
        shown = {"pce": mask_pce(pce)}
        owner = self.owner(pce)
        if owner is not None and not may_leave(owner):
            return Refusal("already_a_meter", {**shown, "account": owner.title})
        right = self.rights.get(pce)
        if right is None:
            return Refusal("no_right_on_contract", shown)
        if not meter_right(right).standing(self.today).may_open:
            return Refusal("right_not_active", {**shown, "state": right.raw_state})
        return None

    def owner(self, pce: str) -> ConfigEntry | None:
        """Return the entry that has a PCE as a meter; None: nobody has."""
        return self.owners.get(meter_key(self.environment, pce))

    def moving(self, accepted: Iterable[str]) -> dict[str, ConfigEntry]:
        """Return those accepted PCE that leave an entry of files, and which one."""
        return {
            pce: owner
            for pce in map(parse_pce, accepted)
            if (owner := self.owner(pce)) is not None
        }

    def is_owned(self, pce: str) -> bool:
        """Whether a PCE is a meter already, of any contract."""
        return self.owner(pce) is not None

    def subentry(self, typed: str, title: str | None = None) -> ConfigSubentryData:
        """Return the meter that an accepted PCE becomes.

        One that comes from files keeps its name, its price and the like.
        """
        pce = parse_pce(typed)
        owner = self.owner(pce)
        before = None if owner is None else meter_subentry(owner, pce)
        return ConfigSubentryData(
            subentry_type=SUBENTRY_TYPE_METER,
            title=title or (before.title if before else self._title(pce)),
            unique_id=pce,
            data={**(before.data if before else {}), CONF_PCE: pce},
        )

    def showable(self, accepted: Iterable[str]) -> list[Showable]:
        """Return those accepted PCE that the Energy dashboard can show as meters."""
        meters = [self.subentry(typed) for typed in accepted]
        return [
            Showable(meter_key(self.environment, pce), meter["title"])
            for meter in meters
            if (pce := meter["data"][CONF_PCE]) in self.rights
            and not self.rights[pce].role.is_injection
        ]

    def _title(self, pce: str) -> str:
        # A person's name would end in entity ids, and from there in logs.
        right = self.rights.get(pce)
        company = right.holder_company if right else None
        return meter_title(pce, self.language, company)


def meter_candidates(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    rights: Iterable[AccessRight],
    today: date,
) -> MeterCandidates:
    """Return what can be chosen from a contract's rights.

    Args:
        hass: whose entries already own meters.
        data: of the contract's entry, or of the form that becomes it.
        rights: all rights of the contract.
        today: the date in France.
    """
    return MeterCandidates(
        rights=_deciding(list(rights), today),
        owners=meter_owners(hass),
        environment=environment_of(data),
        today=today,
        language=hass.config.language,
    )


def meter_owners(hass: HomeAssistant) -> dict[str, ConfigEntry]:
    """Return who already has a PCE as a meter: the entry by meter key."""
    return {
        key: entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        for key in _meter_keys(entry)
    }


def meter_title(pce: str, language: str, company: str | None = None) -> str:
    """Return what a meter is called until its owner gives it a name."""
    word = "Compteur" if language == "fr" else "Meter"
    return f"{company or word} {mask_pce(pce)}"


def _deciding(rights: list[AccessRight], today: date) -> dict[str, AccessRight]:
    """Return the right that decides for each PCE; on gas used, where that one lives."""
    injected = deciding_rights(rights, today, injection=True)
    used = {
        pce: right
        for pce, right in deciding_rights(rights, today).items()
        if pce not in injected or meter_right(right).standing(today).may_open
    }
    return injected | used


def _meter_keys(entry: ConfigEntry) -> list[str]:
    environment = environment_of(entry.data)
    return [
        meter_key(environment, subentry.data[CONF_PCE])
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER)
    ]


def _label(right: AccessRight, owner: ConfigEntry | None) -> str:
    state = None if right.state is AccessRightState.ACTIVE else right.raw_state
    holder = right.holder_company or right.holder_name
    known = (right.pce, holder, right.postcode, state, owner and owner.title)
    return " · ".join(part for part in known if part)


def may_leave(owner: ConfigEntry) -> bool:
    """Whether an entry's meters may move to a contract: those of files may."""
    return not holds_contract(owner.data)


def meter_subentry(owner: ConfigEntry, pce: str) -> ConfigSubentry:
    """Return the meter of an entry that has it."""
    return next(
        subentry
        for subentry in owner.get_subentries_of_type(SUBENTRY_TYPE_METER)
        if subentry.data[CONF_PCE] == pce
    )


@callback
def async_add_meter(
    hass: HomeAssistant, entry: ConfigEntry, meter: ConfigSubentryData
) -> None:
    """Add a meter to a contract that has none on its PCE."""
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType(meter["data"]),
            subentry_type=meter["subentry_type"],
            title=meter["title"],
            unique_id=meter["unique_id"],
        ),
    )
