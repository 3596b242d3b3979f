"""The proofs of consents that users keep here for a control of GRDF.

They name people: a folder of their own that only Home Assistant's user can read, under
`.storage`, one a meter.
"""

from collections.abc import Iterable
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

_FOLDER: Final = f"{DOMAIN}.proofs"
_STAGED: Final = ".staged"
_STAGES: HassKey[set[str]] = HassKey(f"{DOMAIN}_proof_stages")
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


class ProofRefusedError(Exception):
    """A file that GRDF would not accept, or that could not be kept."""

    def __init__(self, key: str) -> None:
        """Keep the key of the text that explains it; never the file's name."""
        super().__init__(key)
        self.key = key


class ProofStage:
    """The files of one flow, until they are kept for good or dropped."""

    def __init__(self, hass: HomeAssistant, flow_id: str) -> None:
        """Prepare; nothing is on disk yet."""
        self._hass = hass
        self._flow_id = flow_id
        self._folder = _root(hass) / _STAGED / flow_id
        self.files: tuple[Path, ...] = ()

    async def async_add(self, upload_id: str) -> None:
        """Take in an uploaded file.

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
            raise ProofRefusedError(_key(ProofProblemKind.UNREADABLE)) from None
        except OSError:
            raise ProofRefusedError("proof_not_written") from None
        self.files = (*self.files, added)

    async def async_keep(self, key: str) -> None:
        """Keep the files for a meter, in place of those that are kept of it.

        Without files, the kept ones stay.

        Raises:
            ProofRefusedError: they could not be moved.
        """
        if self.files:
            await self._hass.async_add_executor_job(self._keep, key)
            self.files = ()

    async def async_drop(self) -> None:
        """Forget the files."""
        self.files = ()
        await self._hass.async_add_executor_job(_remove, self._folder)

    @callback
    def async_leave(self) -> None:
        """Forget the files of a flow that has ended; nobody waits for it."""
        if self._flow_id in self._hass.data.get(_STAGES, set()):
            self._hass.data[_STAGES].discard(self._flow_id)
            self._hass.async_create_task(
                self.async_drop(), f"{DOMAIN} drop proofs", eager_start=True
            )

    def _add(self, stages: frozenset[str], uploaded: Path) -> Path:
        _clear_leftovers(self._folder.parent, stages)
        return _taken(uploaded, self._folder)

    def _keep(self, key: str) -> None:
        folder = _folder(self._hass, key)
        try:
            _remove(folder)
            self._folder.rename(folder)
        except OSError:
            raise ProofRefusedError("proof_not_written") from None


async def async_kept_proofs(hass: HomeAssistant, key: str) -> list[Path]:
    """Return the proofs that are kept of a meter, by name; `key` is the meter's."""
    return await hass.async_add_executor_job(_listed, _folder(hass, key))


async def async_forget_proofs(hass: HomeAssistant, key: str) -> None:
    """Delete the proofs that are kept of a meter; `key` is the meter's."""
    await hass.async_add_executor_job(_remove, _folder(hass, key))


def _root(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(STORAGE_DIR, _FOLDER))


def _folder(hass: HomeAssistant, key: str) -> Path:
    return _root(hass) / key


def _taken(uploaded: Path, folder: Path) -> Path:
    problems = check_proofs([Proof(uploaded)])
    if problems:
        raise ProofRefusedError(_key(problems[0].kind))
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    # Folders that `parents` makes take the umask's mode.
    for each in (folder.parent, folder.parent.parent):
        each.chmod(_FOLDER_MODE)
    target = _free(folder, uploaded)
    target.touch(mode=_FILE_MODE)
    shutil.copyfile(uploaded, target)
    return target


def _free(folder: Path, uploaded: Path) -> Path:
    """Return where a file goes; two of one name are told apart."""
    taken = _listed(folder)
    target = folder / uploaded.name
    if target in taken:
        target = folder / f"{uploaded.stem} {len(taken) + 1}{uploaded.suffix}"
    return target


def _key(kind: ProofProblemKind) -> str:
    return f"proof_{kind}"


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _clear_leftovers(stage: Path, stages: Iterable[str]) -> None:
    """Remove what flows of an earlier run have left, should it have crashed."""
    for folder in _listed(stage):
        if folder.name not in stages:
            _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
