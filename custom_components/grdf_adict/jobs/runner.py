"""A contract's fleet job: run in the background, and resumed after restarts."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..adict import AccessRight, AdictAuthenticationError, AdictError
from ..const import DOMAIN, LOGGER, Issue
from ..contract.candidates import async_add_meter, meter_candidates
from ..contract.coordinator import EntryCoordinator
from ..fleet import NO_JOB, Job, State, Task, Work
from ..helpers.clock import paris_today
from ..helpers.issues import async_clear_issue, async_raise_issue
from ..helpers.signals import job_signal
from ..helpers.store import WriteFailedError
from ..storage.job_file import JobStore
from .calls import FIRST_PAUSE, LONGEST_PAUSE, PausedError, async_call
from .report import async_report

_NO_PAUSE: Final = timedelta()
_SHORTEST_PAUSE: Final = timedelta(seconds=1)


class JobBusyError(Exception):
    """A job is not finished: there is one at a time."""


class JobRunner:
    """Runs one job at a time, within the contract's pace and daily calls.

    Each step is sent as `job_signal`.

    Attributes:
        job: the newest one, with its outcomes; without a task: there was none.
        paused_until: when it goes on; None: it does not wait.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, account: EntryCoordinator
    ) -> None:
        """Prepare the runner of a config entry; `async_restore` comes next."""
        self._hass = hass
        self._entry = entry
        self._account = account
        self._store = JobStore(hass, entry.entry_id)
        self._task: asyncio.Task[None] | None = None
        self._wake: CALLBACK_TYPE | None = None
        self._pause = _NO_PAUSE
        self._doubted: set[int] = set()
        self.job = NO_JOB
        self.paused_until: datetime | None = None

    async def async_restore(self) -> None:
        """Load the job where the last run stopped; no call is made yet."""
        self.job = await self._store.async_load() or NO_JOB

    @property
    def is_busy(self) -> bool:
        """Whether tasks are left, or the report is being written."""
        return self.job.left > 0 or self._is_working

    @property
    def _is_working(self) -> bool:
        return self._task is not None and not self._task.done()

    async def async_begin(self, tasks: Iterable[Task], left_out: int = 0) -> Job:
        """Begin a job; `left_out` is how many rows of its table are not in it.

        Raises:
            JobBusyError: another one is not finished.
            WriteFailedError: it could not be stored; nothing was begun.
        """
        if self.is_busy:
            raise JobBusyError
        job = Job(dt_util.utcnow(), tuple(tasks), left_out)
        await self._store.async_write(job)
        self.job = job
        self._doubted.clear()
        self._pause = _NO_PAUSE
        self.async_resume()
        self._async_signal()
        return job

    @callback
    def async_resume(self) -> None:
        """Go on, unless there is nothing to do, or the job is running."""
        self._async_stop_waiting()
        if self.job.left and not self._is_working:
            self._task = self._entry.async_create_background_task(
                self._hass, self._async_work(), f"{DOMAIN} fleet"
            )

    async def async_stop(self) -> None:
        """Stop, and store the state: the entry is unloaded."""
        self._async_stop_waiting()
        if self._task is not None and self._is_working:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            with suppress(WriteFailedError):
                await self._store.async_write(self.job)

    async def async_cancel(self) -> Job:
        """End the job where it is, and return it; calls that were made stay made.

        Raises:
            WriteFailedError: its end could not be stored; it goes on.
        """
        if self.job.left:
            await self.async_stop()
            try:
                await self._async_finish(self.job.cancelled())
            except WriteFailedError:
                self.async_resume()
                raise
        return self.job

    @callback
    def _async_stop_waiting(self) -> None:
        if self._wake is not None:
            self._wake()
            self._wake = None
        self.paused_until = None

    async def _async_work(self) -> None:
        try:
            await self._async_settle_doubts()
            while block := self.job.next_block():
                await self._async_store(self.job.mark(block, State.STARTED))
                await self._async_run_block(block)
            await self._async_finish(self.job)
        except PausedError as err:
            await self._async_pause(err.cause, err.wait)
        except WriteFailedError:
            # Without the stored states, a call might be made twice.
            async_raise_issue(self._hass, self._entry, Issue.WRITE_FAILED)
            self._async_wait(LONGEST_PAUSE)

    async def _async_run_block(self, block: tuple[int, ...]) -> None:
        for number, position in enumerate(block):
            try:
                ended = await self._async_run_task(position)
            except PausedError as err:
                left = block[number + 1 :] if err.in_doubt else block[number:]
                self.job = self.job.mark(left, State.WAITING)
                raise
            self._pause = _NO_PAUSE
            self.job = self.job.end(position, ended)
            self._async_signal()

    async def _async_run_task(self, position: int) -> Task:
        task = self.job.tasks[position]
        doubted = position in self._doubted
        if task.work is Work.FOLLOW:
            return self._follow(task, doubted=doubted)
        client = self._account.required_contract.client
        return await async_call(client, task, doubted=doubted)

    @callback
    def _follow(self, task: Task, *, doubted: bool) -> Task:
        """Make a PCE a meter, unless it is one already, maybe by an earlier run."""
        choice = meter_candidates(self._hass, self._entry.data, (), paris_today())
        if choice.is_owned(task.pce):
            if doubted:
                return task.ended(State.DONE)
            return task.ended(State.REFUSED, None, "already_a_meter")
        meter = choice.subentry(task.pce, task.title, task.building)
        async_add_meter(self._hass, self._entry, meter)
        return task.ended(State.DONE)

    async def _async_settle_doubts(self) -> None:
        """Check GRDF's list where a call may have been made already.

        Raises:
            PausedError: the list cannot be read.
        """
        job = self.job
        doubts = job.started
        by_pce: defaultdict[str, list[AccessRight]] = defaultdict(list)
        if any(job.tasks[position].work is not Work.FOLLOW for position in doubts):
            for right in await self._async_rights():
                by_pce[right.pce].append(right)
        for position in doubts:
            task = job.tasks[position]
            if task.found_among(by_pce[task.pce]):
                job = job.end(position, task.ended(State.DONE))
            else:
                job = job.mark([position], State.WAITING)
                self._doubted.add(position)
        if doubts:
            await self._async_store(job)

    async def _async_rights(self) -> tuple[AccessRight, ...]:
        try:
            answer = await self._account.required_contract.async_read_rights()
        except AdictError as err:
            raise PausedError(err, in_doubt=True) from err
        if not answer.complete:
            raise PausedError(AdictError("the list was cut"), in_doubt=True)
        return answer.items

    async def _async_pause(self, cause: AdictError, wait: timedelta | None) -> None:
        if isinstance(cause, AdictAuthenticationError):
            self._entry.async_start_reauth(self._hass)
        self._account.required_contract.note_contract(cause)
        self._pause = min(2 * self._pause or FIRST_PAUSE, LONGEST_PAUSE)
        LOGGER.info("The declarations of many PCE wait for GRDF: %s", cause)
        with suppress(WriteFailedError):
            await self._async_store(self.job)
        self._async_wait(self._pause if wait is None else max(wait, _SHORTEST_PAUSE))

    @callback
    def _async_wait(self, wait: timedelta) -> None:
        self.paused_until = dt_util.utcnow() + wait

        @callback
        def wake(_: datetime) -> None:
            self._wake = None
            self.async_resume()

        self._wake = async_track_point_in_utc_time(self._hass, wake, self.paused_until)
        self._async_signal()

    async def _async_finish(self, job: Job) -> None:
        await self._async_store(job)
        if any(task.work is not Work.FOLLOW for task in job.tasks):
            await self._account.required_contract.async_reread()
        await async_report(self._hass, self._entry, job)
        self._async_signal()

    async def _async_store(self, job: Job) -> None:
        await self._store.async_write(job)
        self.job = job
        async_clear_issue(self._hass, self._entry, Issue.WRITE_FAILED)

    @callback
    def _async_signal(self) -> None:
        async_dispatcher_send(self._hass, job_signal(self._entry.entry_id))
