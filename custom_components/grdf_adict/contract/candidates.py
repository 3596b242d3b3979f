"""The PCE of a contract that can become meters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.const import CONF_CLIENT_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import SelectOptionDict

from ..adict import (
    AccessRight,
    AccessRightState,
    InvalidPceError,
    label,
    mask_pce,
    parse_pce,
)
from ..const import (
    CONF_BUILDING,
    CONF_PCE,
    CONF_SERIES,
    DOMAIN,
    SUBENTRY_TYPE_METER,
    GrdfEnvironment,
)
from ..dashboard.offer import Showable
from ..helpers.ids import meter_key, pce_key
from ..helpers.texts import NOTHING, escaped
from ..rights import deciding_rights, meter_right
from ..storage.left_files import async_keys_on_disk
from ..storage.settings import SettingsStore
from .connection import environment_of, holds_contract


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a PCE cannot become a meter: a text's key and placeholders."""

    key: str
    placeholders: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeterCandidates:
    """The PCE of a contract that the user can choose from.

    `owners` holds the entry of each PCE that is a meter already, by meter key; `titles`
    the names that users gave to meters which were deleted since, likewise.
    """

    rights: Mapping[str, AccessRight]
    owners: Mapping[str, ConfigEntry]
    environment: GrdfEnvironment
    today: date
    language: str
    titles: Mapping[str, str] = field(default_factory=dict)

    def options(self) -> list[SelectOptionDict]:
        """Return the PCE that can be chosen, with labels to recognise them by."""
        return [
            SelectOptionDict(value=pce, label=self._label(pce, right))
            for pce, right in sorted(self.rights.items())
            if self.refusal(pce) is None
        ]

    def refusal(self, typed: str) -> Refusal | None:
        """Return why a chosen or typed PCE cannot become a meter; None: it can."""
        try:
            pce = parse_pce(typed)
        except InvalidPceError:
            return Refusal("invalid_pce", {"pce": escaped(typed)})
        shown = {"pce": mask_pce(pce)}
        owner = self.owner(pce)
        if owner is not None and not may_leave(owner):
            return Refusal(
                "already_a_meter", {**shown, "account": escaped(owner.title)}
            )
        right = self.rights.get(pce)
        if right is None:
            return Refusal("no_right_on_contract", shown)
        if not meter_right(right).standing(self.today).may_open:
            return Refusal(
                "right_not_active", {**shown, "state": right.raw_state or NOTHING}
            )
        return None

    def owner(self, pce: str) -> ConfigEntry | None:
        """Return the entry that has a PCE as a meter; None: there is none."""
        return self.owners.get(meter_key(self.environment, pce))

    def moving(self, accepted: Iterable[str]) -> dict[str, ConfigEntry]:
        """Return those accepted PCE that leave an entry of files, and that entry."""
        return {
            pce: owner
            for pce in map(parse_pce, accepted)
            if (owner := self.owner(pce)) is not None
        }

    def is_owned(self, pce: str) -> bool:
        """Whether a PCE is a meter already, of any contract."""
        return self.owner(pce) is not None

    def subentry(
        self, typed: str, title: str | None = None, building: str | None = None
    ) -> ConfigSubentryData:
        """Return the meter that an accepted PCE becomes; a moved one keeps its data.

        `building` is where the meter is, in the user's words.
        """
        pce = parse_pce(typed)
        owner, right = self.owner(pce), self.rights.get(pce)
        before = None if owner is None else meter_subentry(owner, pce)
        # A person's name would get into entity ids, and so into logs.
        company = label(right.holder_company) if right else None
        kept = before.title if before else self._title(pce)
        default = kept or meter_title(pce, self.language, company)
        return ConfigSubentryData(
            subentry_type=SUBENTRY_TYPE_METER,
            title=title or default,
            unique_id=pce,
            data={
                **(before.data if before else {}),
                **({CONF_BUILDING: building} if building else {}),
                CONF_PCE: pce,
            },
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

    def _title(self, pce: str) -> str | None:
        return self.titles.get(meter_key(self.environment, pce))

    def _label(self, pce: str, right: AccessRight) -> str:
        owner = self.owner(pce)
        state = None if right.state is AccessRightState.ACTIVE else right.raw_state
        holder = label(right.holder_company or right.holder_name)
        where = owner.title if owner else self._title(pce)
        parts = (right.pce, holder, label(right.postcode), state, where)
        return " · ".join(part for part in parts if part)


async def async_meter_candidates(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    rights: Iterable[AccessRight],
    today: date,
) -> MeterCandidates:
    """Return as `meter_candidates` does, with the names that deleted meters had."""
    choice = meter_candidates(hass, data, rights, today)
    keys = {meter_key(choice.environment, pce) for pce in choice.rights}
    left = await async_keys_on_disk(hass) & (keys - choice.owners.keys())
    titles = {key: await async_kept_title(hass, key) for key in left}
    return replace(
        choice, titles={key: title for key, title in titles.items() if title}
    )


async def async_kept_title(hass: HomeAssistant, key: str) -> str | None:
    """Return the name that a user gave to a deleted meter; None: none."""
    kept, about = await SettingsStore(hass, key).async_load(), pce_key(key)
    if kept is None or about is None or not is_given_title(kept.title, about.pce):
        return None
    return kept.title


def meter_candidates(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    rights: Iterable[AccessRight],
    today: date,
) -> MeterCandidates:
    """Return what can be chosen from all rights of a contract, on a date in France.

    `data` is that of the contract's entry, or of the form that becomes it.
    """
    return MeterCandidates(
        rights=_deciding(list(rights), today),
        owners=meter_owners(hass),
        environment=environment_of(data),
        today=today,
        language=hass.config.language,
    )


def meter_owners(hass: HomeAssistant) -> dict[str, ConfigEntry]:
    """Return the entry of each PCE that is a meter, by meter key."""
    return {
        meter_key(environment_of(entry.data), subentry.data[CONF_PCE]): entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER)
    }


def written_keys(hass: HomeAssistant) -> frozenset[str]:
    """Return the key of the series that each meter of any entry is written to."""
    return frozenset(
        meter_key(
            environment_of(entry.data),
            subentry.data[CONF_PCE],
            subentry.data.get(CONF_SERIES, 1),
        )
        for entry in hass.config_entries.async_entries(DOMAIN)
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER)
    )


def meter_title(pce: str, language: str, company: str | None = None) -> str:
    """Return the title of a meter until the user gives it another."""
    name = company or ("Compteur" if language == "fr" else "Meter")
    return f"{name} {mask_pce(pce)}"


def is_given_title(title: str, pce: str) -> bool:
    """Whether a user gave a meter its title: that of `meter_title` ends otherwise."""
    return not title.endswith(f" {mask_pce(pce)}")


def may_leave(owner: ConfigEntry) -> bool:
    """Whether an entry's meters may move to a contract: only those of files may."""
    return not holds_contract(owner.data)


def meter_subentry(owner: ConfigEntry, pce: str) -> ConfigSubentry:
    """Return an entry's meter on a PCE that it has."""
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


def contract_title(contract: Mapping[str, Any], choice: MeterCandidates) -> str:
    """Return the title of a new contract's entry: its company, or its client id."""
    companies = {label(right.third_party_company) for right in choice.rights.values()}
    company = companies.pop() if len(companies) == 1 else None
    name = company or contract[CONF_CLIENT_ID]
    if choice.environment is GrdfEnvironment.SANDBOX:
        return (
            f"{name} (bac à sable)" if choice.language == "fr" else f"{name} (sandbox)"
        )
    return str(name)


def _deciding(rights: list[AccessRight], today: date) -> dict[str, AccessRight]:
    """Return the right that decides for each PCE; one on gas used, if it is open."""
    injected = deciding_rights(rights, today, injection=True)
    used = {
        pce: right
        for pce, right in deciding_rights(rights, today).items()
        if pce not in injected or meter_right(right).standing(today).may_open
    }
    return injected | used
