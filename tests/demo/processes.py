"""The demo's processes: started, watched, and stopped as a person would."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
import os
from pathlib import Path

from .saying import DemoError, say

_STOP_SECONDS = 30.0
# A process that dies breaks connections a moment before it is gone.
_LAST_WORDS_SECONDS = 1.0
_TAIL_LINES = 25


def _environment() -> dict[str, str]:
    """Return ours, in which Python keeps what it compiles, as at anybody's home.

    Home Assistant that compiles a part of itself as it is needed holds itself up.
    """
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


class Child:
    """One process; all that it prints goes to its log."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, log: Path
    ) -> None:
        """Name the process for people, and say what runs in which folder."""
        self.name = name
        self.log = log
        self._command = command
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def exit_code(self) -> int | None:
        """The code it ended with; None while it runs."""
        return None if self._process is None else self._process.returncode

    async def start(self) -> None:
        """Start it with an empty log."""
        with self.log.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=_environment(),
                # Ctrl-C reaches the demo alone, which then stops both in order.
                start_new_session=True,
            )

    async def wait(self) -> int:
        """Wait for its end and return its exit code."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end; kill it when it does not, or when asked a second time."""
        if self._process is None or self._process.returncode is not None:
            return
        say(f"stopping {self.name}")
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            say(f"{self.name} does not stop: killing it")
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    def ended(self) -> DemoError:
        """Return what to say when it ended by itself."""
        return DemoError(
            f"This ended by itself: {self.name} (code {self.exit_code}). Its last "
            f"lines, from {self.log}:\n{self.last_lines()}"
        )

    def read_log(self) -> str:
        """Return all that it printed."""
        return self.log.read_text(errors="replace")

    def last_lines(self) -> str:
        """Return the end of its log, indented."""
        lines = self.read_log().splitlines()[-_TAIL_LINES:]
        return "\n".join(f"    {line}" for line in lines)


@asynccontextmanager
async def running(child: Child) -> AsyncGenerator[None]:
    """Keep a process up for the length of the block."""
    await child.start()
    try:
        yield
    finally:
        await child.stop()


async def first_to_end(*children: Child) -> Child:
    """Wait until one of the processes ends by itself, and return it."""
    watches = {asyncio.ensure_future(child.wait()): child for child in children}
    try:
        done, _ = await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
        return watches[done.pop()]
    finally:
        for watch in watches:
            watch.cancel()


async def while_up[T](work: Coroutine[None, None, T], *children: Child) -> T:
    """Do the work, or raise as soon as one of the processes ends under it.

    Raises:
        DemoError: one ended; whatever the work met because of it is left out.
    """
    task = asyncio.ensure_future(work)
    end = asyncio.ensure_future(first_to_end(*children))
    try:
        await asyncio.wait((task, end), return_when=asyncio.FIRST_COMPLETED)
        if task.done() and task.exception() is not None:
            await asyncio.wait((end,), timeout=_LAST_WORDS_SECONDS)
        if end.done():
            raise end.result().ended()
        return task.result()
    finally:
        task.cancel()
        end.cancel()
        await asyncio.gather(task, end, return_exceptions=True)
