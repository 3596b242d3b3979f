"""Proofs: which files are sent, and how."""

import io
import os
from pathlib import Path
import threading

import pytest

from custom_components.grdf_adict.adict import (
    LARGEST_PROOF,
    AdictClient,
    InvalidProofError,
    InvalidRightIdError,
    Proof,
    ProofProblemKind,
    Quota,
    check_proofs,
)

from .conftest import Reply, Script
from .payloads import line, payload

RIGHT = "e8d64bd4-9cab-4163-bde4-d128795898de"
DONE = Reply(body=line(payload("done")))


@pytest.fixture
def consent(tmp_path: Path) -> Proof:
    path = tmp_path / "consent.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(600_000))
    return Proof(path)


def proof(folder: Path, name: str, size: int = 10) -> Proof:
    path = folder / name
    path.write_bytes(bytes(size))
    return Proof(path)


def kinds(*proofs: Proof) -> list[ProofProblemKind]:
    return [problem.kind for problem in check_proofs(proofs)]


async def test_each_proof_is_a_part_of_one_call(
    client: AdictClient, script: Script, consent: Proof, tmp_path: Path
) -> None:
    script.replies = [DONE]
    note = proof(tmp_path, "note.TXT")
    named = Proof(consent.path, 'Accord "signé" de\r\nJean Été.pdf')
    done = await client.send_proofs(f" {RIGHT} ", (consent, note, named))
    assert done.code == "0000000000"
    assert done.message == "L'opération s'est déroulée avec succès."
    (asked,) = script.calls
    assert asked.method == "PUT"
    assert asked.path == f"/adict/v2/droit_acces/{RIGHT}/preuves"
    assert int(asked.headers["Content-Length"]) > 1_200_000
    sent = [(each.part, each.name, each.content_type) for each in asked.files]
    assert sent == [
        ("preuves", "consent.pdf", "application/pdf"),
        ("preuves", "note.TXT", "text/plain"),
        ("preuves", "Accord_signe_de_Jean_Ete.pdf", "application/pdf"),
    ]
    whole = consent.path.read_bytes()
    assert [each.content for each in asked.files] == [whole, bytes(10), whole]


class Watched(io.BufferedReader):
    """A file that records its reads: whether in the main thread, and how much."""

    reads: list[tuple[bool, int | None]]
    files: list[Watched]

    def __init__(self, path: Path) -> None:
        """Open the file."""
        super().__init__(io.FileIO(path))
        Watched.files.append(self)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as the file would."""
        here = threading.current_thread() is threading.main_thread()
        Watched.reads.append((here, size))
        return super().read(size)


async def test_a_file_is_read_in_pieces_outside_the_event_loop_and_closed(
    client: AdictClient,
    script: Script,
    consent: Proof,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Watched, "reads", [], raising=False)
    monkeypatch.setattr(Watched, "files", [], raising=False)
    monkeypatch.setattr(Path, "open", lambda path, _: Watched(path))
    script.replies = [DONE]
    await client.send_proofs(RIGHT, (consent,))
    assert len(script.calls[0].files[0].content) == 600_009
    assert len(Watched.reads) >= 3
    assert not any(here for here, _ in Watched.reads)
    assert all(size is not None and 0 < size <= 2**18 for _, size in Watched.reads)
    assert all(file.closed for file in Watched.files)


async def test_a_second_try_sends_the_whole_file_again(
    client: AdictClient, script: Script, consent: Proof
) -> None:
    script.replies = [Reply(status=401), DONE]
    await client.send_proofs(RIGHT, (consent,))
    sent = [call.files[0].content for call in script.calls]
    assert sent == [consent.path.read_bytes()] * 2


async def test_a_file_that_is_missing_at_the_second_try_is_reported(
    client: AdictClient, script: Script, consent: Proof
) -> None:
    script.replies = [Reply(status=401, meanwhile=consent.path.unlink)]
    with pytest.raises(InvalidProofError) as caught:
        await client.send_proofs(RIGHT, (consent,))
    (problem,) = caught.value.problems
    assert problem.kind is ProofProblemKind.UNREADABLE
    assert len(script.calls) == 1


@pytest.mark.parametrize(
    "name", ["a.txt", "a.csv", "a.pdf", "a.pptx", "a.docx", "a.mp3", "a.mp4", "a.ZIP"]
)
def test_grdf_s_formats_are_accepted(tmp_path: Path, name: str) -> None:
    assert kinds(proof(tmp_path, name)) == []


@pytest.mark.parametrize("name", ["a.exe", "a.doc", "a", ".pdf", "a.pdf.sh", "a.wordx"])
def test_other_formats_are_refused(tmp_path: Path, name: str) -> None:
    assert kinds(proof(tmp_path, name)) == [ProofProblemKind.FORMAT]


def test_the_name_that_is_given_decides_on_the_format(tmp_path: Path) -> None:
    upload = proof(tmp_path, "upload.bin")
    assert kinds(Proof(upload.path, "consent.pdf")) == []
    assert kinds(Proof(upload.path, "consent.exe")) == [ProofProblemKind.FORMAT]


def test_four_million_bytes_are_accepted_and_one_more_is_not(tmp_path: Path) -> None:
    assert kinds(proof(tmp_path, "a.pdf", LARGEST_PROOF)) == []
    large = proof(tmp_path, "a.pdf", LARGEST_PROOF + 1)
    assert kinds(large) == [ProofProblemKind.TOO_LARGE]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert kinds(proof(tmp_path, "a.pdf", 0)) == [ProofProblemKind.EMPTY]


def test_no_file_and_four_files_are_refused(tmp_path: Path) -> None:
    good = proof(tmp_path, "a.pdf")
    assert kinds() == [ProofProblemKind.NONE_GIVEN]
    assert kinds(good, good, good) == []
    assert kinds(good, good, good, good) == [ProofProblemKind.TOO_MANY]


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    for name in ("missing.pdf", "folder.pdf", "pipe.pdf", "nul\0.pdf"):
        assert kinds(Proof(tmp_path / name)) == [ProofProblemKind.UNREADABLE]


def test_a_problem_has_the_name_of_its_file_but_does_not_show_it(
    tmp_path: Path,
) -> None:
    bad = proof(tmp_path, "Jean EXEMPLE.exe")
    problems = check_proofs((proof(tmp_path, "a.pdf"), bad))
    assert [problem.name for problem in problems] == ["Jean EXEMPLE.exe"]
    shown = f"{problems} {InvalidProofError(problems)!r} {bad!r}"
    assert "EXEMPLE" not in shown


def test_the_kinds_of_problems_are_those_tested() -> None:
    assert {kind.value for kind in ProofProblemKind} == {
        "none_given",
        "too_many",
        "unreadable",
        "empty",
        "too_large",
        "format",
    }


async def test_bad_proofs_cost_no_call(
    client: AdictClient, script: Script, quota: Quota, tmp_path: Path
) -> None:
    with pytest.raises(InvalidProofError) as caught:
        await client.send_proofs(RIGHT, (proof(tmp_path, "a.exe"),))
    assert caught.value.problems[0].kind is ProofProblemKind.FORMAT
    assert (script.calls, quota.calls_today) == ([], 0)


@pytest.mark.parametrize(
    "right_id",
    ["", "..", "../x", "a/b", "a%2Fb", "a?b", "a#b", "a b", "é", "-", "a" * 65],
)
async def test_an_id_can_never_change_the_path(
    client: AdictClient, script: Script, consent: Proof, right_id: str
) -> None:
    with pytest.raises(InvalidRightIdError):
        await client.send_proofs(right_id, (consent,))
    with pytest.raises(InvalidRightIdError):
        await client.revoke_access_right(right_id)
    assert script.calls == []
