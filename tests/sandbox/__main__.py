"""`python -m tests.sandbox`: the sandbox for a person, the demo or a benchmark."""

from argparse import ArgumentParser, Namespace
import asyncio
from datetime import datetime
from pathlib import Path
import signal

from .meters import HOUSE
from .replay import Replay
from .server import Served, serve
from .world import Sandbox


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    asyncio.run(_run(_arguments()))


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8127, help="0 takes any")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=_instant, help="2026-11-20T09:00:00+01:00")
    parser.add_argument("--quota", action="store_true", help="answer 429 past quota")
    parser.add_argument("--calls-per-day", type=int, default=6000)
    parser.add_argument("--client-id", default="demo")
    parser.add_argument("--client-secret", default="demo-secret")
    parser.add_argument("--replay", type=_recording, help="a recording to serve again")
    return parser.parse_args()


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def _recording(name: str) -> Replay:
    return Replay(Path(name))


async def _run(wanted: Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    sandbox = Sandbox(
        wanted.seed,
        wanted.now,
        quota=wanted.quota,
        calls_per_day=wanted.calls_per_day,
        client_id=wanted.client_id,
        client_secret=wanted.client_secret,
    )
    sandbox.replay = wanted.replay
    async with serve(sandbox, wanted.host, wanted.port) as served:
        print(_greeting(served, sandbox), flush=True)
        await stop.wait()


def _greeting(served: Served, sandbox: Sandbox) -> str:
    scope = "/adict/bas/v6"
    pce = HOUSE
    recorded = ""
    if sandbox.replay is not None:
        pce = next(iter(sandbox.replay.pces), HOUSE)
        recorded = f"\nReplay:  {', '.join(sandbox.replay.pces)}"
    return f"""\
API:     {served.api_url}
Token:   {served.token_url}
Connect: {served.authorise_url}
Truth:   {served.root_url}/_sandbox/truth
Page:    {served.root_url}/{recorded}

Try:
  TOKEN=$(curl -s {served.token_url} -d grant_type=client_credentials \\
    -d client_id={sandbox.client_id} -d client_secret={sandbox.client_secret} \\
    -d scope={scope} | sed 's/.*"access_token": "\\([^"]*\\)".*/\\1/')
  curl -s -H "Authorization: Bearer $TOKEN" \\
    "{served.api_url}/pce/{pce}/donnees_consos_informatives?periode={sandbox.today.year}"
"""


if __name__ == "__main__":
    main()
