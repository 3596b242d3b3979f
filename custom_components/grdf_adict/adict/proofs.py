"""The proofs of a consent: files for GRDF's control (deck, Transmettre preuves)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
import re
import stat
from typing import Final
import unicodedata

from aiohttp import FormData

from .errors import AdictBadRequestError

MOST_PROOFS: Final = 3
LARGEST_PROOF: Final = 4_000_000
CONTENT_TYPES: Final = {
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument"
    ".presentationml.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".zip": "application/zip",
}
"""The formats that GRDF accepts, by the end of a file's name."""

_ODD: Final = re.compile(r"[^0-9A-Za-z.-]+")


class ProofProblemKind(StrEnum):
    """What is wrong with proofs: one member for each rule."""

    NONE_GIVEN = "none_given"
    TOO_MANY = "too_many"
    """More than three."""
    UNREADABLE = "unreadable"
    """Missing, no file, or not ours to read."""
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """Over 4,000,000 bytes."""
    FORMAT = "format"
    """None of the formats that GRDF accepts."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file on disk, and the name that GRDF shall see: its own unless given."""

    path: Path = field(repr=False)
    name: str | None = field(default=None, repr=False)

    @property
    def shown_name(self) -> str:
        """Return the name that GRDF shall see."""
        return self.name or self.path.name


@dataclass(frozen=True, slots=True)
class ProofProblem:
    """What is wrong, and the name of the file that it is about, if it is one."""

    kind: ProofProblemKind
    name: str | None = field(default=None, repr=False)


class InvalidProofError(AdictBadRequestError):
    """Proofs that GRDF would refuse; `problems` says why."""

    problems: tuple[ProofProblem, ...]

    def __init__(self, problems: tuple[ProofProblem, ...]) -> None:
        """Say what is wrong; the names of files, which may name people, stay out."""
        kinds = dict.fromkeys(problem.kind for problem in problems)
        super().__init__(f"the proofs are refused: {', '.join(kinds)}")
        self.problems = problems


def check_proofs(proofs: Sequence[Proof]) -> tuple[ProofProblem, ...]:
    """Return what GRDF would refuse of proofs; looks at the disk, and so blocks."""
    problems = []
    if not proofs:
        problems.append(ProofProblem(ProofProblemKind.NONE_GIVEN))
    if len(proofs) > MOST_PROOFS:
        problems.append(ProofProblem(ProofProblemKind.TOO_MANY))
    problems += [
        ProofProblem(kind, proof.shown_name)
        for proof in proofs
        if (kind := _problem(proof)) is not None
    ]
    return tuple(problems)


@asynccontextmanager
async def opened(proofs: Sequence[Proof]) -> AsyncIterator[FormData]:
    """Open proofs for one try; they are read from disk as they leave.

    Raises:
        InvalidProofError: one of them can no longer be read.
    """
    form = FormData()
    with ExitStack() as stack:
        # To open a file can block, to close one that was only read does not.
        await asyncio.to_thread(_fill, form, stack, proofs)
        yield form


def _fill(form: FormData, stack: ExitStack, proofs: Sequence[Proof]) -> None:
    for proof in proofs:
        try:
            file = stack.enter_context(proof.path.open("rb"))
        except OSError:
            unreadable = ProofProblemKind.UNREADABLE
            raise InvalidProofError(
                (ProofProblem(unreadable, proof.shown_name),)
            ) from None
        form.add_field(
            "preuves",
            file,
            filename=_plain(proof.shown_name),
            content_type=CONTENT_TYPES[_format(proof)],
        )


def _problem(proof: Proof) -> ProofProblemKind | None:
    if _format(proof) not in CONTENT_TYPES:
        return ProofProblemKind.FORMAT
    try:
        found = proof.path.stat()
        # To open a pipe would wait for whoever writes to it.
        if not stat.S_ISREG(found.st_mode):
            return ProofProblemKind.UNREADABLE
        with proof.path.open("rb"):
            pass
    except OSError, ValueError:
        return ProofProblemKind.UNREADABLE
    if found.st_size > LARGEST_PROOF:
        return ProofProblemKind.TOO_LARGE
    return None if found.st_size else ProofProblemKind.EMPTY


def _format(proof: Proof) -> str:
    return Path(proof.shown_name).suffix.lower()


def _plain(name: str) -> str:
    """Return a name that any server reads alike, and that fits in a header."""
    letters = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return _ODD.sub("_", bare)
