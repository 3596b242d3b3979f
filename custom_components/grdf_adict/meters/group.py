"""Groups of meters: a building's gas days, summed up in the recorder."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..adict import FlowDirection, mask_pce
from ..const import CONF_METERS, DOMAIN, LOGGER, SUBENTRY_TYPE_GROUP, Issue
from ..dashboard.dashboard import async_energy_dashboard
from ..external_statistics.rows import (
    Costs,
    MeterSeries,
    async_erase_series,
    async_erase_statistics,
    async_project,
)
from ..helpers.clock import paris_today
from ..helpers.executor import async_compute
from ..helpers.guard import GuardedCoordinator
from ..helpers.ids import Statistic, group_key, statistic_id
from ..helpers.issues import Repair, async_hide_issue, async_is_raised, async_show_issue
from ..helpers.recorder import RecorderBusyError
from ..helpers.signals import refreshed_signal, rows_signal
from ..helpers.texts import bullets, escaped, shown_date
from ..metering import GroupFigures, GroupSum, Member, figures, rows, summed
from ..metering.price import day_costs
from ..rights import MeterRight
from ..storage.meter_file import MeterFile
from .coordinator import MeterCoordinator

LEAST_METERS: Final = 2
# Meters refresh one after the other: one sum serves several.
_GATHER: Final = timedelta(minutes=1)
_COMPARE_EVERY: Final = timedelta(days=1)
_MOST_NAMES: Final = 20


class GroupCoordinator(GuardedCoordinator[GroupFigures]):
    """The meters of a building together."""

    config_entry: ConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        subentry: ConfigSubentry,
        meters: Mapping[str, MeterCoordinator],
        *,
        started: asyncio.Event,
    ) -> None:
        """Prepare the group of a subentry; `async_start` comes next.

        `meters` holds every present meter of the entry by subentry id. `started` is set
        once Home Assistant has started and the recorder works.
        """
        self.subentry_id = subentry.subentry_id
        self._meters = meters
        self._started = started
        self._gathering: CALLBACK_TYPE | None = None
        self._stop_listening: list[CALLBACK_TYPE] = []
        self.key = group_key(subentry.subentry_id)
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name="group of meters",
            update_interval=_COMPARE_EVERY,
            always_update=False,
        )
        self.data = GroupFigures()
        self._named = self._settings
        self._one_at_a_time = asyncio.Lock()
        self._is_retired = False

    @property
    def title(self) -> str:
        """The group's name, as the user gave it."""
        return self._subentry.title

    @property
    def meters(self) -> list[MeterCoordinator]:
        """Those of its meters that use gas."""
        return [
            meter
            for subentry_id in self._subentry.data[CONF_METERS]
            if (meter := self._meters.get(subentry_id)) is not None
            and FlowDirection.CONSUMPTION in meter.directions
        ]

    @property
    def device_info(self) -> DeviceInfo:
        """What Home Assistant shows of a group."""
        return DeviceInfo(
            identifiers={(DOMAIN, self.key)},
            entry_type=DeviceEntryType.SERVICE,
            manufacturer="GRDF",
            name=self.title,
        )

    @callback
    def async_start(self) -> None:
        """Begin to sum up; statistics are written even if every entity is disabled."""
        signal = rows_signal(self.config_entry.entry_id)
        self._stop_listening = [
            self.async_add_listener(self._update_device),
            async_dispatcher_connect(
                self.hass, signal, self.guard.listener(self._on_rows)
            ),
            async_dispatcher_connect(
                self.hass,
                refreshed_signal(self.config_entry.entry_id),
                self.guard.listener(self._on_refreshed),
            ),
        ]
        self._show_size()
        self._sum_soon()

    @callback
    def async_take_settings(self) -> None:
        """Sum up again if the user changed the group's meters or name."""
        before, self._named = self._named, self._settings
        if before != self._named:
            self._update_device()
            self._show_size()
            self._sum_soon()

    @override
    async def async_shutdown(self) -> None:
        for stop in self._stop_listening:
            stop()
        self._stop_listening = []
        if self._gathering is not None:
            self._gathering()
            self._gathering = None
        await super().async_shutdown()

    async def async_retire(self) -> None:
        """Stop for good, and erase the group's series: its meters have all the data."""
        await self.async_shutdown()
        for issue in (Issue.GROUP_TOO_SMALL, Issue.GROUP_MEMBER_ENDED):
            async_hide_issue(self.hass, issue, self.subentry_id)
        async with self._one_at_a_time:
            self._is_retired = True
            await async_erase_group(self.hass, self.subentry_id)

    @override
    async def _async_update(self) -> GroupFigures:
        async with self._one_at_a_time:
            group = await self._async_sum()
            self.data = await async_compute(self.hass, figures, group, paris_today())
            self.async_update_listeners()
            self._show_ended()
            # The recorder processes nothing before Home Assistant has started.
            await self._started.wait()
            try:
                await self._async_project(group)
            except RecorderBusyError as err:
                raise UpdateFailed(
                    translation_domain=DOMAIN, translation_key="recorder_busy"
                ) from err
        return self.data

    async def _async_sum(self) -> GroupSum:
        members = [
            await async_compute(
                self.hass,
                _member,
                await meter.book.async_read(),
                meter.meter.prices is not None,
                self.hass.config.currency,
            )
            for meter in self.meters
        ]
        return await async_compute(self.hass, summed, members)

    async def _async_project(self, group: GroupSum) -> None:
        """Make the recorder's rows those of the sum.

        While the user is asked about a meter's withdrawn days, the group's rows stay.
        """
        if self._is_retired or any(
            async_is_raised(self.hass, Issue.WITHDRAWAL_WITHHELD, meter.subentry_id)
            for meter in self.meters
        ):
            return
        costs = None
        if group.costs is not None and self.data.currency is not None:
            costs = Costs(self.data.currency, group.costs, group.kept)
        elif len(group.currencies) <= 1:
            # Without that of the meter that has lost its price, it would be too low.
            cost_id = statistic_id(self.key, Statistic.COST)
            await async_erase_series(self.hass, {cost_id})
        wanted = MeterSeries(group.rows, costs)
        await async_project(
            self.hass, self.key, self.title, wanted, withdrawal_accepted=True
        )

    @callback
    def _on_rows(self, subentry_id: str) -> None:
        if self._gathering is None and subentry_id in self._named[1]:
            self._gathering = async_call_later(self.hass, _GATHER, self._gathered)

    @callback
    def _on_refreshed(self, subentry_id: str) -> None:
        """A meter's right may be over, or renewed."""
        is_there = self.subentry_id in self.config_entry.subentries
        if is_there and subentry_id in self._named[1]:
            self._show_ended()

    @callback
    def _gathered(self, _: datetime) -> None:
        self._gathering = None
        self._sum_soon()

    @callback
    def _sum_soon(self) -> None:
        self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{DOMAIN} group of meters"
        )

    @callback
    def _update_device(self) -> None:
        registry, owner = dr.async_get(self.hass), self.config_entry.entry_id
        device = registry.async_get_device_by_identifier((DOMAIN, self.key), owner)
        if device is not None:
            registry.async_update_device(device.id, name=self.title)

    @callback
    def _show_size(self) -> None:
        """Raise a repair where too few meters are left to be a group."""
        members = len(self._named[1])
        if members >= LEAST_METERS:
            async_hide_issue(self.hass, Issue.GROUP_TOO_SMALL, self.subentry_id)
            return
        repair = Repair(
            Issue.GROUP_TOO_SMALL,
            self.subentry_id,
            {"group": escaped(self.title), "count": str(members)},
            is_fixable=False,
        )
        async_show_issue(self.hass, self.config_entry, repair)

    @callback
    def _show_ended(self) -> None:
        """Raise a repair where the sums wait for meters whose right is over."""
        ended = _ended(self.meters, paris_today())
        if not ended:
            async_hide_issue(self.hass, Issue.GROUP_MEMBER_ENDED, self.subentry_id)
            return
        names = [f"{meter.title} ({mask_pce(meter.pce)})" for meter in ended]
        reached = min(day for meter in ended if (day := _newest(meter)) is not None)
        repair = Repair(
            Issue.GROUP_MEMBER_ENDED,
            self.subentry_id,
            {
                "group": escaped(self.title),
                "meters": bullets(sorted(names), _MOST_NAMES),
                "date": shown_date(reached, self.hass.config.language),
            },
            is_fixable=False,
        )
        async_show_issue(self.hass, self.config_entry, repair)

    @property
    def _subentry(self) -> ConfigSubentry:
        return self.config_entry.subentries[self.subentry_id]

    @property
    def _settings(self) -> tuple[str, tuple[str, ...]]:
        return self.title, tuple(self._subentry.data[CONF_METERS])


@callback
def async_leave_groups(
    hass: HomeAssistant, entry: ConfigEntry, subentry_id: str
) -> None:
    """Remove a deleted meter from every group."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        meters = subentry.data[CONF_METERS]
        if subentry_id in meters:
            left = [other for other in meters if other != subentry_id]
            hass.config_entries.async_update_subentry(
                entry, subentry, data={**subentry.data, CONF_METERS: left}
            )


@callback
def async_join_groups(
    hass: HomeAssistant, entry: ConfigEntry, subentry_id: str, groups: Iterable[str]
) -> None:
    """Add a meter to those of some groups that the entry still has."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP):
        meters = subentry.data[CONF_METERS]
        if subentry.subentry_id in groups and subentry_id not in meters:
            hass.config_entries.async_update_subentry(
                entry,
                subentry,
                data={**subentry.data, CONF_METERS: [*meters, subentry_id]},
            )


@callback
def groups_of(entry: ConfigEntry, subentry_id: str) -> tuple[str, ...]:
    """Return the subentry ids of the groups that a meter is in."""
    return tuple(
        subentry.subentry_id
        for subentry in entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP)
        if subentry_id in subentry.data[CONF_METERS]
    )


async def async_erase_group(hass: HomeAssistant, subentry_id: str) -> None:
    """Erase a group's series from the recorder; of a busy one, later."""
    key = group_key(subentry_id)
    series = {statistic_id(key, each) for each in Statistic}
    if (dashboard := await async_energy_dashboard(hass)) is not None:
        await dashboard.async_remove(series)
    try:
        await async_erase_statistics(hass, key, ())
    except RecorderBusyError:
        LOGGER.warning("The recorder is busy: a group's statistics are erased later")


def _newest(meter: MeterCoordinator) -> date | None:
    last = meter.data.summary.last
    return None if last is None else last.gas_day


def _ended(meters: Iterable[MeterCoordinator], today: date) -> list[MeterCoordinator]:
    """Return the meters whose right is over, and that nothing else brings days of.

    Exported files do, as long as the meter keeps up with the others.
    """
    days = {meter: day for meter in meters if (day := _newest(meter)) is not None}
    return [
        meter
        for meter, day in days.items()
        if meter.contract is not None
        and _is_over(meter.rights.consumption, today)
        and (meter.data.filed is None or day < max(days.values()))
    ]


def _is_over(right: MeterRight | None, today: date) -> bool:
    return right is None or not right.standing(today).shown.may_open


def _member(
    file: MeterFile,
    is_priced: bool,  # noqa: FBT001 - executor
    currency: str,
) -> Member:
    """Return a meter's part of the sum; `currency` is that of a book without one."""
    days, book = rows(file.ledger), file.prices
    if not is_priced:
        return Member(days)
    kept = book.kept and book.kept.currency
    return Member(days, day_costs(days, book), book.currency or currency, kept)
