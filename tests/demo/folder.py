"""The demo's folder: Home Assistant's configuration, logs, and what is remembered."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
import shutil
import socket
from typing import Any

from .saying import DemoError

CHECKOUT = Path(__file__).parents[2]
STATE_FILE = "demo.json"

_CONFIGURATION = """\
homeassistant:
  name: Maison
  latitude: 45.764
  longitude: 4.8357
  elevation: 170
  unit_system: metric
  time_zone: Europe/Paris
  country: FR
  currency: EUR
  language: {language}
frontend:
config:
history:
energy:
recorder:
logger:
  default: warning
  logs:
    custom_components.grdf_adict: info
"""

# Home Assistant's frontend does not load unless every built-in base platform can be
# imported. These packages of voice and camera have no wheels: the demo, which has
# neither microphone nor camera, does without a compiler.
_STAND_INS = {
    "pymicro_vad": "MicroVad",
    "pyspeex_noise": "AudioProcessor",
    "turbojpeg": "TurboJPEG",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of the two servers; the config entry remembers the sandbox's."""

    home: int
    sandbox: int


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one demo lives."""

    path: Path
    ports: Ports

    @property
    def config(self) -> Path:
        """Home Assistant's configuration folder."""
        return self.path / "config"

    @property
    def home_address(self) -> str:
        """Home Assistant's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.ports.home}"

    @property
    def sandbox_address(self) -> str:
        """The sandbox's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.ports.sandbox}"

    @property
    def home_log(self) -> Path:
        """What Home Assistant printed since its start."""
        return self.path / "home-assistant.log"

    @property
    def sandbox_log(self) -> Path:
        """What the sandbox printed since its start."""
        return self.path / "sandbox.log"

    @property
    def exports(self) -> Path:
        """The exported files, of a demo that lives on them."""
        return self.path / "exports"

    @property
    def snapshot(self) -> Path:
        """The statistics as the last run left them."""
        return self.path / "statistics.json"


def prepare(path: Path, language: str) -> Folder:
    """Make the folder, or take the one of an earlier run.

    Raises:
        DemoError: the folder holds something else, or its demo is running.
    """
    path = path.resolve()
    state = path / STATE_FILE
    if state.exists():
        folder = Folder(path, Ports(**json.loads(state.read_text())))
        _check_free(folder.ports)
    elif path.is_dir() and any(path.iterdir()):
        raise DemoError(f"{path} is not a demo's folder: choose another, or empty it.")
    else:
        folder = Folder(path, Ports(*free_ports(2)))
        _write_once(folder)
        state.write_text(json.dumps(asdict(folder.ports)))
    (folder.config / "configuration.yaml").write_text(
        _CONFIGURATION.format(language=language)
    )
    return folder


def _write_once(folder: Folder) -> None:
    """Write what Home Assistant takes over and keeps by itself afterwards."""
    shutil.rmtree(folder.config, ignore_errors=True)
    (folder.config / ".storage").mkdir(parents=True)
    for package, name in _STAND_INS.items():
        (folder.config / f"{package}.py").write_text(f"class {name}: ...\n")
    (folder.config / "custom_components").symlink_to(CHECKOUT / "custom_components")
    # A port set in YAML is only tried for five minutes, then given up for 8123.
    _write_store(
        folder,
        "http",
        (2, 2),
        {
            "stable": {
                "server_host": ["127.0.0.1"],
                "server_port": folder.ports.home,
                "cors_allowed_origins": ["https://cast.home-assistant.io"],
                "login_attempts_threshold": -1,
                "ip_ban_enabled": True,
                "ssl_profile": "modern",
                "use_x_frame_options": True,
            },
            "pending": None,
            "yaml_migration_done": True,
        },
    )
    # Onboarding's own core_config step would start integrations that call out.
    _write_store(
        folder,
        "onboarding",
        (4, 1),
        {"done": ["core_config", "analytics", "integration"]},
    )


def _write_store(
    folder: Folder, key: str, version: tuple[int, int], data: dict[str, Any]
) -> None:
    """Write one of Home Assistant's storage files."""
    content = {
        "version": version[0],
        "minor_version": version[1],
        "key": key,
        "data": data,
    }
    (folder.config / ".storage" / key).write_text(json.dumps(content, indent=2))


def _check_free(ports: Ports) -> None:
    """Make sure that both ports can be listened on."""
    for port in asdict(ports).values():
        with socket.socket() as each:
            # As servers do: a connection that has just ended is no obstacle.
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                each.bind(("127.0.0.1", port))
            except OSError:
                raise DemoError(
                    f"Something listens on port {port}, which this demo's folder "
                    "uses. Is it running already? Stop that, or choose another "
                    "--folder."
                ) from None


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nothing listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
