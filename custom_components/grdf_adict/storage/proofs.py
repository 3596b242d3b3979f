"""The proofs of consents that users keep for an audit by GRDF.

They name people: each meter has a folder under `.storage` that only the operating
system's user of Home Assistant can read.
"""

from functools import partial
from pathlib import Path
import shutil
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey

from ..adict import Proof, ProofProblemKind, check_proofs
from ..const import DOMAIN
from ..helpers.uploads import UploadGoneError, async_read_upload

_STAGES: HassKey[set[str]] = HassKey(f"{DOMAIN}_proof_stages")
_STAGED: Final = ".staged"
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


class ProofRefusedError(Exception):
    """A file that GRDF would not accept, or that could not be stored."""

    def __init__(self, key: str) -> None:
        """Keep the key of the text that explains it; never the file's name."""
        super().__init__(key)
        self.key = key


class ProofStage:
    """The files of one flow, until they are kept or dropped."""

    def __init__(self, hass: HomeAssistant, flow_id: str) -> None:
        """Prepare; nothing is on disk yet."""
        self._hass = hass
        self._flow_id = flow_id
        self._folder = _folder(hass, _STAGED, flow_id)
        self.files: tuple[Path, ...] = ()

    async def async_add(self, upload_id: str) -> None:
        """Add an uploaded file.

        Raises:
            ProofRefusedError: GRDF would not accept it, or it could not be written.
        """
        stages = self._hass.data.setdefault(_STAGES, set())
        stages.add(self._flow_id)
        try:
            added = await async_read_upload(
                self._hass, upload_id, partial(self._add, frozenset(stages))
            )
        except UploadGoneError:
            raise ProofRefusedError(f"proof_{ProofProblemKind.UNREADABLE}") from None
        except OSError:
            raise ProofRefusedError("proof_not_written") from None
        self.files = (*self.files, added)

    async def async_keep(self, key: str) -> None:
        """Keep the files for a meter in place of earlier ones, if there are any.

        Raises:
            ProofRefusedError: they could not be moved.
        """
        if self.files:
            await self._hass.async_add_executor_job(self._keep, key)
            self.files = ()

    async def async_drop(self) -> None:
        """Delete the files."""
        self.files = ()
        await self._hass.async_add_executor_job(_remove, self._folder)

    @callback
    def async_leave(self) -> None:
        """Delete the files of a flow that has ended, in the background."""
        if self._flow_id in self._hass.data.get(_STAGES, set()):
            self._hass.data[_STAGES].discard(self._flow_id)
            self._hass.async_create_task(
                self.async_drop(), f"{DOMAIN} drop proofs", eager_start=True
            )

    def _add(self, stages: frozenset[str], uploaded: Path) -> Path:
        for folder in _listed(self._folder.parent):
            if folder.name not in stages:
                # A flow of an earlier run left it in a crash.
                _remove(folder)
        return _taken(uploaded, self._folder)

    def _keep(self, key: str) -> None:
        folder = _folder(self._hass, key)
        try:
            _remove(folder)
            self._folder.rename(folder)
        except OSError:
            raise ProofRefusedError("proof_not_written") from None


async def async_kept_proofs(hass: HomeAssistant, key: str) -> list[Path]:
    """Return the kept proofs of the meter with this key, by name."""
    return await hass.async_add_executor_job(_listed, _folder(hass, key))


async def async_forget_proofs(hass: HomeAssistant, key: str) -> None:
    """Delete the kept proofs of the meter with this key."""
    await hass.async_add_executor_job(_remove, _folder(hass, key))


async def async_keys_with_proofs(hass: HomeAssistant) -> frozenset[str]:
    """Return the keys of the meters of which proofs are kept."""
    folders = await hass.async_add_executor_job(_listed, _folder(hass))
    return frozenset(each.name for each in folders if each.name != _STAGED)


def _folder(hass: HomeAssistant, *names: str) -> Path:
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.proofs", *names))


def _taken(uploaded: Path, folder: Path) -> Path:
    problems = check_proofs([Proof(uploaded)])
    if problems:
        raise ProofRefusedError(f"proof_{problems[0].kind}")
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    # Folders that `parents` makes take the umask's mode.
    for each in (folder.parent, folder.parent.parent):
        each.chmod(_FOLDER_MODE)
    taken = _listed(folder)
    target = folder / uploaded.name
    if target in taken:
        target = folder / f"{uploaded.stem} {len(taken) + 1}{uploaded.suffix}"
    target.touch(mode=_FILE_MODE)
    shutil.copyfile(uploaded, target)
    return target


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
