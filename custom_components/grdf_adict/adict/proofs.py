"""The proofs of a consent: files for GRDF's control (deck, Transmettre preuves)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
import re
import stat
from typing import Final, override

from aiohttp import FormData

from .errors import InvalidRequestError
from .models.wire import unaccented

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
    """Missing, no file, or not readable."""
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """Over 4,000,000 bytes."""
    FORMAT = "format"
    """None of the formats that GRDF accepts."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file on disk, and the name to send to GRDF: its own unless given."""

    path: Path = field(repr=False)
    name: str | None = field(default=None, repr=False)

    @property
    def shown_name(self) -> str:
        """Return the name to send to GRDF."""
        return self.name or self.path.name


@dataclass(frozen=True, slots=True)
class ProofProblem:
    """What is wrong, and the name of the file if it concerns one."""

    kind: ProofProblemKind
    name: str | None = field(default=None, repr=False)

    @override
    def __str__(self) -> str:
        """Return the kind; the name of a file may name people."""
        return self.kind


class InvalidProofError(InvalidRequestError[ProofProblem]):
    """Proofs that GRDF would refuse."""

    subject = "the proofs are"


def check_proofs(proofs: Sequence[Proof]) -> tuple[ProofProblem, ...]:
    """Return what GRDF would refuse of proofs; blocks, as it reads the disk."""
    problems = [
        ProofProblem(kind, proof.shown_name)
        for proof in proofs
        if (kind := _problem(proof)) is not None
    ]
    if not proofs:
        return (ProofProblem(ProofProblemKind.NONE_GIVEN),)
    if len(proofs) > MOST_PROOFS:
        problems.insert(0, ProofProblem(ProofProblemKind.TOO_MANY))
    return tuple(problems)


@asynccontextmanager
async def opened(proofs: Sequence[Proof]) -> AsyncIterator[FormData]:
    """Open proofs for one try; they are read from disk while they are sent.

    Raises:
        InvalidProofError: one of them can no longer be read.
    """
    form = FormData()
    with ExitStack() as stack:
        # Opening a file can block, closing one that was only read does not.
        await asyncio.to_thread(_fill, form, stack, proofs)
        yield form


def _fill(form: FormData, stack: ExitStack, proofs: Sequence[Proof]) -> None:
    for proof in proofs:
        try:
            file = stack.enter_context(proof.path.open("rb"))
        except OSError:
            problem = ProofProblem(ProofProblemKind.UNREADABLE, proof.shown_name)
            raise InvalidProofError((problem,)) from None
        form.add_field(
            "preuves",
            file,
            # A name that any server reads alike, and that fits in a header.
            filename=_ODD.sub("_", unaccented(proof.shown_name)),
            content_type=CONTENT_TYPES[_format(proof)],
        )


def _problem(proof: Proof) -> ProofProblemKind | None:
    if _format(proof) not in CONTENT_TYPES:
        return ProofProblemKind.FORMAT
    try:
        found = proof.path.stat()
        # Opening a pipe would wait for a writer.
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
