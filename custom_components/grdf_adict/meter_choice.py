"""Which PCE can become meters: the rights of a contract, and the ones still free."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import SelectOptionDict

from .adict import AccessRight, AccessRightState, InvalidPceError, mask_pce, parse_pce
from .connection import contract_of
from .const import CONF_PCE, DOMAIN, SUBENTRY_TYPE_METER, GrdfEnvironment
from .energy_offer import Showable
from .meter_id import meter_key
from .rights import deciding_rights, meter_right


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a PCE cannot become a meter: the key of the text, and what fills it."""

    key: str
    placeholders: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeterChoice:
    """The PCE of a contract, as they can be chosen from.

    Attributes:
        rights: the right that decides for each PCE.
        owners: who already has a PCE as a meter: the entry's title by meter key.
        environment: the contract's.
        today: the date in France.
        language: of the titles.
    """

    rights: Mapping[str, AccessRight]
    owners: Mapping[str, str]
    environment: GrdfEnvironment
    today: date
    language: str

    def options(self) -> list[SelectOptionDict]:
        """Return the PCE that can be chosen, with what helps to recognise them."""
        return [
            SelectOptionDict(value=pce, label=_label(right))
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
        if owner := self.owners.get(meter_key(self.environment, pce)):
            return Refusal("already_a_meter", {**shown, "account": owner})
        right = self.rights.get(pce)
        if right is None:
            return Refusal("no_right_on_contract", shown)
        if not meter_right(right).standing(self.today).is_living:
            return Refusal("right_not_active", {**shown, "state": right.raw_state})
        return None

    def is_owned(self, pce: str) -> bool:
        """Whether a PCE is a meter already, of any contract."""
        return meter_key(self.environment, pce) in self.owners

    def subentry(self, typed: str, title: str | None = None) -> ConfigSubentryData:
        """Return the meter that an accepted PCE becomes."""
        pce = parse_pce(typed)
        return ConfigSubentryData(
            subentry_type=SUBENTRY_TYPE_METER,
            title=title or self._title(pce),
            unique_id=pce,
            data={CONF_PCE: pce},
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
        word = "Compteur" if self.language == "fr" else "Meter"
        return f"{(right and right.holder_company) or word} {mask_pce(pce)}"


def meter_choice(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    rights: Iterable[AccessRight],
    today: date,
) -> MeterChoice:
    """Return what can be chosen from a contract's rights.

    Args:
        hass: whose entries already own meters.
        data: of the contract's entry, or of the form that becomes it.
        rights: all rights of the contract.
        today: the date in France.
    """
    return MeterChoice(
        rights=_deciding(list(rights), today),
        owners={
            key: entry.title
            for entry in hass.config_entries.async_entries(DOMAIN)
            for key in _meter_keys(entry)
        },
        environment=contract_of(data).environment,
        today=today,
        language=hass.config.language,
    )


def _deciding(rights: list[AccessRight], today: date) -> dict[str, AccessRight]:
    """Return the right that decides for each PCE; on gas used, where that one lives."""
    injected = deciding_rights(rights, today, injection=True)
    used = {
        pce: right
        for pce, right in deciding_rights(rights, today).items()
        if pce not in injected or meter_right(right).standing(today).is_living
    }
    return injected | used


def _meter_keys(entry: ConfigEntry) -> list[str]:
    environment = contract_of(entry.data).environment
    return [
        meter_key(environment, subentry.data[CONF_PCE])
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_METER)
    ]


def _label(right: AccessRight) -> str:
    state = None if right.state is AccessRightState.ACTIVE else right.raw_state
    holder = right.holder_company or right.holder_name
    known = (right.pce, holder, right.postcode, state)
    return " · ".join(part for part in known if part)
