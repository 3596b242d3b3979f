"""Database servers for recorders: Debian's, on loopback, in folders of their own."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import pwd
import shutil
import subprocess
from typing import Final

from tests.demo.folder import free_ports
from tests.demo.processes import Child, running
from tests.demo.waiting import look_until

_NAME: Final = "homeassistant"
_START_SECONDS: Final = 60.0
_POSTGRES: Final = "/usr/lib/postgresql/*/bin"


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of database that a recorder can run on.

    Attributes:
        name: as people call it.
        packages: Debian's, that bring its server; none: Python has it.
        find: returns the server's program, None where it is not there.
        serve: keeps a new one up in a folder, and gives the recorder's address of it.
    """

    name: str
    packages: tuple[str, ...]
    find: Callable[[], Path | None]
    serve: Callable[[Path], AbstractAsyncContextManager[str]]

    @property
    def is_there(self) -> bool:
        """Whether its server can be started."""
        return not self.packages or self.find() is not None


def install(engine: Engine) -> None:
    """Install a server from Debian, where that can be done; none is set running.

    Raises:
        OSError: there is no apt-get, or nobody may use it.
        subprocess.CalledProcessError: it failed; what it said is with it.
    """
    if os.geteuid() != 0:
        raise PermissionError(f"{engine.packages[0]} is to be installed by root")
    command = ("apt-get", "install", "--yes", "--no-install-recommends")
    # Debian starts what it installs unless the system is in single-user mode.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for step in (("apt-get", "update"), (*command, *engine.packages)):
        subprocess.run(  # noqa: S603 - our own words
            step, env=quiet, check=True, capture_output=True, text=True
        )


@asynccontextmanager
async def _sqlite(_: Path) -> AsyncGenerator[str]:
    """Leave the recorder to its own file."""
    yield ""


@asynccontextmanager
async def _postgresql(folder: Path) -> AsyncGenerator[str]:
    programs, data = _found(_find_postgresql).parent, folder / "postgresql"
    # It refuses to run as root: Debian makes it a user of its own.
    user = _user("postgres")
    await asyncio.to_thread(_give, data, user)
    as_user = _as(user)
    await _do(
        *(*as_user, str(programs / "initdb"), f"--pgdata={data}", "--auth=trust"),
        *("--username", _NAME, "--encoding", "UTF8", "--locale", "C.UTF-8"),
    )
    (port,) = free_ports(1)
    command = (
        *(*as_user, str(programs / "postgres"), "-D", str(data), "-p", str(port)),
        *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
    )
    child = Child("PostgreSQL", command, data, folder / "pg.log")
    async with running(child):
        createdb = (
            *(str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port)),
            *("-U", _NAME, _NAME),
        )
        await _until_it_works(createdb)
        yield f"postgresql://{_NAME}@127.0.0.1:{port}/{_NAME}"


@asynccontextmanager
async def _mariadb(folder: Path) -> AsyncGenerator[str]:
    program, data = _found(_find_mariadb), folder / "mariadb"
    user = _user("mysql") if _has_user("mysql") else pwd.getpwuid(os.geteuid())
    await asyncio.to_thread(_give, data, user)
    options = ("--no-defaults", f"--datadir={data}", f"--user={user.pw_name}")
    await _do(
        *("mariadb-install-db", *options, "--auth-root-authentication-method=normal"),
        "--skip-test-db",
    )
    start = folder / "start.sql"
    await asyncio.to_thread(
        start.write_text, f"CREATE DATABASE {_NAME} CHARACTER SET utf8mb4;\n"
    )
    (port,) = free_ports(1)
    command = (
        *(str(program), *options, f"--port={port}", "--bind-address=127.0.0.1"),
        *("--skip-name-resolve", f"--socket={data / 'socket'}"),
        f"--init-file={start}",
    )
    child = Child("MariaDB", command, data, folder / "mariadb.log")
    async with running(child):
        await look_until(
            lambda: _listens(port),
            seconds=_START_SECONDS,
            every=0.2,
            complaint=lambda: f"MariaDB does not start:\n{child.last_lines()}",
        )
        yield f"mysql+pymysql://root@127.0.0.1:{port}/{_NAME}?charset=utf8mb4"


def _find_postgresql() -> Path | None:
    root, pattern = Path("/"), _POSTGRES.removeprefix("/")
    newest = sorted(root.glob(f"{pattern}/postgres"))
    return newest[-1] if newest else None


def _find_mariadb() -> Path | None:
    found = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    return Path(found) if found else None


def _found(find: Callable[[], Path | None]) -> Path:
    found = find()
    if found is None:
        raise FileNotFoundError("the server's program")
    return found


def _has_user(name: str) -> bool:
    return os.geteuid() == 0 and any(each.pw_name == name for each in pwd.getpwall())


def _user(name: str) -> pwd.struct_passwd:
    """Return the user that a server runs as: its own where we are root."""
    return pwd.getpwnam(name) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _as(user: pwd.struct_passwd) -> tuple[str, ...]:
    if user.pw_uid == os.geteuid():
        return ()
    groups = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    return ("setpriv", *groups, "--")


def _give(data: Path, user: pwd.struct_passwd) -> None:
    """Make a server's folder its user's, on a way that the user may go."""
    data.mkdir()
    data.parent.chmod(0o755)
    if user.pw_uid != os.geteuid():
        os.chown(data, user.pw_uid, user.pw_gid)


async def _do(*command: str) -> None:
    """Run a program to its end.

    Raises:
        RuntimeError: it failed; what it said is in the text.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd="/",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode(errors="replace"))


async def _until_it_works(command: Sequence[str]) -> None:
    last = ""

    async def attempt() -> bool | None:
        nonlocal last
        try:
            await _do(*command)
        except RuntimeError as err:
            last = str(err)
            return None
        return True

    await look_until(attempt, seconds=_START_SECONDS, every=0.5, complaint=lambda: last)


async def _listens(port: int) -> bool | None:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return None
    writer.close()
    return True


SQLITE: Final = Engine("SQLite", (), lambda: None, _sqlite)
POSTGRESQL: Final = Engine("PostgreSQL", ("postgresql",), _find_postgresql, _postgresql)
MARIADB: Final = Engine(
    "MariaDB",
    # What prepares its folder asks for a program of the client's.
    ("mariadb-server-core", "mariadb-client-core"),
    _find_mariadb,
    _mariadb,
)
