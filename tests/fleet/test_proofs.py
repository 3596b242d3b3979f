"""A campaign's folder: files named by PCE, and the rights that await them."""

from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.grdf_adict.adict import (
    AccessRight,
    ProofProblemKind,
    ProofState,
)
from custom_components.grdf_adict.fleet.proofs import Campaign, campaign

from .common import OTHER, PCE

AWAITED = AccessRight(id="1", pce=PCE, proof_state=ProofState.AWAITED)
RIGHTS = (
    AWAITED,
    replace(AWAITED, id="2", pce=OTHER),
    replace(AWAITED, id="3", pce="GI990021"),
    replace(AWAITED, id="4", pce="GI990042", proof_state=ProofState.ACCEPTED),
)


def _campaign(folder: Path, *, zeros: bool = False) -> Campaign:
    return campaign(folder, RIGHTS, lambda _: True, zeros_confirmed=zeros)


def _put(folder: Path, *names: str, content: bytes = b"%PDF") -> None:
    for name in names:
        (folder / name).write_bytes(content)


def test_files_answer_the_rights_of_their_pce(tmp_path: Path) -> None:
    _put(tmp_path, f"{PCE}.pdf", f"{PCE} (2).mp3", "GI990021_signed.pdf")
    _put(tmp_path, "GI990042.pdf", "lisez-moi.txt", ".DS_Store")
    (tmp_path / "old").mkdir()

    found = _campaign(tmp_path)

    assert [(task.right_id, len(task.files)) for task in found.tasks] == [
        ("1", 2),
        ("3", 1),
    ]
    assert found.unanswered == (OTHER,)
    assert found.extra == ("GI990042.pdf", "lisez-moi.txt")
    assert found.refused == ()


@pytest.mark.parametrize(
    ("names", "content", "kind"),
    [
        ([f"{PCE}.exe"], b"MZ", ProofProblemKind.FORMAT),
        ([f"{PCE}.pdf"], b"", ProofProblemKind.EMPTY),
        ([f"{PCE}_{n}.pdf" for n in range(4)], b"x", ProofProblemKind.TOO_MANY),
    ],
)
def test_what_grdf_would_refuse_is_reported_and_not_sent(
    tmp_path: Path, names: list[str], content: bytes, kind: ProofProblemKind
) -> None:
    _put(tmp_path, *names, content=content)

    found = _campaign(tmp_path)

    assert found.tasks == ()
    assert [each.kind for each in found.refused] == [kind]
    assert PCE not in found.unanswered


def test_a_name_one_zero_short_is_proposed_and_taken_once_confirmed(
    tmp_path: Path,
) -> None:
    _put(tmp_path, f"{PCE[1:]}.pdf")

    proposed = _campaign(tmp_path)
    confirmed = _campaign(tmp_path, zeros=True)

    assert (proposed.tasks, proposed.zeros_lost) == ((), 1)
    assert [task.right_id for task in confirmed.tasks] == ["1"]


def test_a_link_out_of_the_allowed_folders_is_ignored(
    tmp_path: Path,
) -> None:
    _put(tmp_path, f"{PCE}.pdf")

    found = campaign(tmp_path, RIGHTS, lambda _: False)

    assert (found.tasks, found.extra) == ((), (f"{PCE}.pdf",))
