"""Proofs of a whole campaign: files named by PCE, and the rights that await them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..adict import (
    AccessRight,
    Proof,
    ProofProblem,
    ProofState,
    check_proofs,
)
from ..files import pce_in_name
from .job import Task, Work


@dataclass(frozen=True, slots=True)
class Campaign:
    """The files of a folder for the rights whose proofs GRDF awaits.

    Attributes:
        tasks: one for each right that has files.
        unanswered: the PCE of the rights without a file.
        extra: the names of files that no right awaits.
        refused: files that GRDF would not accept; each problem has a name.
        zeros_lost: how many files are named by a PCE that lacks a zero.
    """

    tasks: tuple[Task, ...]
    unanswered: tuple[str, ...] = field(repr=False)
    extra: tuple[str, ...] = field(repr=False)
    refused: tuple[ProofProblem, ...] = field(repr=False)
    zeros_lost: int = 0


def campaign(
    folder: Path,
    rights: Iterable[AccessRight],
    is_allowed: Callable[[str], bool],
    *,
    zeros_confirmed: bool = False,
) -> Campaign:
    """Return the files of a folder by right. Blocking: for an executor.

    A file's name has its PCE: `09999999900001.pdf`, `GI990021_signed (2).pdf`; up to
    three of one PCE go together. Hidden files and subfolders are ignored.

    Args:
        folder: with the files.
        rights: all rights of the contract.
        is_allowed: whether a path may be read: a link may lead out of the folder.
        zeros_confirmed: whether a name's PCE of 13 digits gets its zero back.

    Raises:
        OSError: the folder cannot be read.
    """
    awaited = [right for right in rights if right.proof_state is ProofState.AWAITED]
    pces = {right.pce for right in awaited}
    by_pce: defaultdict[str, list[Path]] = defaultdict(list)
    extra: list[str] = []
    zeros_lost = 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_dir():
            continue
        guess = pce_in_name(path.stem)
        if guess is not None and guess.pce in pces and guess.zero_lost:
            zeros_lost += 1
        if (
            guess is None
            or guess.pce not in pces
            or (guess.zero_lost and not zeros_confirmed)
            or not is_allowed(str(path))
        ):
            extra.append(path.name)
        else:
            by_pce[guess.pce].append(path)
    refused: list[ProofProblem] = []
    refused_pces = set()
    for pce, paths in list(by_pce.items()):
        if problems := check_proofs([Proof(path) for path in paths]):
            refused += [
                replace(problem, name=problem.name or paths[0].name)
                for problem in problems
            ]
            refused_pces.add(pce)
            del by_pce[pce]
    return Campaign(
        tasks=tuple(
            Task(
                line=by_pce[right.pce][0].name,
                pce=right.pce,
                work=Work.PROVE,
                right_id=right.id,
                files=tuple(str(path) for path in by_pce[right.pce]),
            )
            for right in awaited
            if right.pce in by_pce
        ),
        unanswered=tuple(sorted(pces - by_pce.keys() - refused_pces)),
        extra=tuple(extra),
        refused=tuple(refused),
        zeros_lost=zeros_lost,
    )
