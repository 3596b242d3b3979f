"""The sandbox serves a recording of GRDF's answers again, as they came."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import signal
import sys
from typing import Any

from aiohttp import ClientConnectionError, ClientPayloadError, ClientResponse
import pytest

from tests.sandbox import Replay, Sandbox
from tests.sandbox.visitor import Visitor, visiting

pytestmark = pytest.mark.usefixtures("socket_enabled")

HEADER = {"recording": 1, "integration": "0.1.0", "amounts": "kept"}


def _line(body: str, *path: str, **more: Any) -> str:
    facts: dict[str, Any] = {
        "method": "GET",
        "path": path or ("droits_acces",),
        "status": 200,
        "headers": {"Content-Type": "application/x-ndjson"},
        "is_cut": False,
        "body": body,
    }
    return json.dumps(facts | more)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A recording in which much goes wrong."""
    path = tmp_path / "answers.txt"
    lines = [
        json.dumps(HEADER),
        _line('{"access_token": null}', "token", method="POST"),
        _line("one\r\n"),
        _line("Too many", status=429, headers={"Retry-After": "7"}),
        _line("\udce9"),
        '{"at": "a line that a crash t',
        _line("last"),
        _line("", "pce", "GI990001", "donnees_techniques", status=None),
        _line("not all", "pce", "GI990002", "donnees_techniques", is_cut=True),
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
async def visitor(file: Path) -> AsyncIterator[Visitor]:
    sandbox = Sandbox()
    sandbox.replay = Replay(file)
    async with visiting(sandbox) as found:
        yield found


async def _ask(visitor: Visitor, path: str) -> tuple[ClientResponse, bytes]:
    headers = {"Authorization": visitor.header or ""}
    url = f"{visitor.served.api_url}/{path}"
    async with visitor.http.get(url, headers=headers) as reply:
        return reply, await reply.read()


async def test_a_call_gets_its_answers_in_order_and_then_the_last_one(
    visitor: Visitor,
) -> None:
    answers = [await _ask(visitor, "droits_acces?periode=2026") for _ in range(5)]

    assert [body for _, body in answers] == [
        b"one\r\n",
        b"Too many",
        b"\xe9",
        b"last",
        b"last",
    ]
    assert [reply.status for reply, _ in answers] == [200, 429, 200, 200, 200]
    assert answers[0][0].headers["Content-Type"] == "application/x-ndjson"
    assert answers[1][0].headers["Retry-After"] == "7"


async def test_what_never_came_does_not_come_and_what_was_cut_is_cut(
    visitor: Visitor,
) -> None:
    with pytest.raises(ClientConnectionError):
        await _ask(visitor, "pce/GI990001/donnees_techniques")
    with pytest.raises(ClientPayloadError):
        await _ask(visitor, "pce/GI990002/donnees_techniques")
    reply, _ = await _ask(visitor, "pce/GI990003/donnees_techniques")
    assert reply.status == 404


async def test_a_call_needs_a_token_as_ever(visitor: Visitor) -> None:
    visitor.header = None

    reply, _ = await _ask(visitor, "droits_acces")

    assert reply.status == 401


@pytest.mark.parametrize("text", ['{"recording": 2}', '{"at": "x"}', "PK", ""])
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.txt").write_text(text)

    with pytest.raises(ValueError, match="no recording"):
        Replay(tmp_path / "other.txt")


async def test_the_command_serves_a_recording_and_names_its_meters(file: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.sandbox", "--port", "0", "--replay", str(file)),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(6)]
    process.send_signal(signal.SIGTERM)
    await process.communicate()

    assert lines[-1] == "Replay:  GI990001, GI990002\n"
    assert process.returncode == 0
