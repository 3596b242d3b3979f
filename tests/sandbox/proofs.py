"""The files of `Transmettre preuves` and their rules (deck; API notes §4 and §7)."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web

from .query import bad_request, refused
from .rights import PROOF_AWAITED, PROOF_IN_REVIEW, Proof, Right

PART: Final = "preuves"
MOST_FILES: Final = 3
MOST_BYTES: Final = 4_000_000
# "wordx" is the deck's own word.
FORMATS: Final = frozenset(
    {"txt", "csv", "pdf", "pptx", "docx", "wordx", "mp3", "mp4", "zip"}
)


async def read_proofs(request: web.Request) -> list[Proof]:
    """Return the files of a call, each at most one byte over the limit.

    QueryError where the body is not multipart, or where a part has another name.
    """
    if not request.content_type.startswith("multipart/"):
        raise bad_request("multipart/form-data est attendu")
    found = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, MultipartReader) or part.name != PART:
            raise bad_request(f"chaque partie doit se nommer {PART}")
        found.append(await _read(part))
    return found


def check_proofs(right: Right, proofs: Sequence[Proof]) -> None:
    """Refuse files, none of which is kept then, with a QueryError.

    The notes give codes for the format and the size; GRDF's "technical" codes stand in
    for the state of the right and for the number of files.
    """
    if right.proof_state not in {PROOF_AWAITED, PROOF_IN_REVIEW}:
        message = "Aucune preuve n'est attendue pour ce droit d'accès."
        raise refused("2000000007", message, 409)
    if not proofs:
        raise bad_request(f"aucune partie {PART}")
    if len(proofs) + len(right.proofs) > MOST_FILES:
        message = f"{MOST_FILES} preuves au plus par droit d'accès."
        raise refused("2000000010", message)
    for proof in proofs:
        if PurePath(proof.name).suffix.lower().removeprefix(".") not in FORMATS:
            raise refused("2000000002", "Le format de la preuve n'est pas accepté.")
        if len(proof.content) > MOST_BYTES:
            raise refused("2000000005", "La preuve dépasse 4 Mo.")


async def _read(part: BodyPartReader) -> Proof:
    content = bytearray()
    while chunk := await part.read_chunk():
        # The rest is read, so that the caller hears the answer, and forgotten.
        content += chunk[: max(0, MOST_BYTES + 1 - len(content))]
    return Proof(part.filename or "", bytes(content))
