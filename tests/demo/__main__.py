"""`python -m tests.demo`: the demo's command."""

import argparse
import asyncio
from collections.abc import Coroutine
from pathlib import Path
import signal
import sys

from .folder import CHECKOUT
from .run import Options, run
from .saying import DemoError

_INTERRUPTED = 130


def _options() -> Options:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Start a Home Assistant with gas in its Energy dashboard.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--empty",
        action="store_true",
        help="configure nothing: walk through the flow yourself",
    )
    what.add_argument(
        "--check",
        action="store_true",
        help="compare Home Assistant's figures with the sandbox's, then stop",
    )
    parser.add_argument(
        "--files",
        action="store_true",
        help="no sandbox: take in files as GRDF's customer space exports them, and"
        " compare",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the demo lives (default: .demo, .demo-empty, .demo-files);"
        " delete it to begin anew",
    )
    parser.add_argument("--language", choices=("en", "fr"), default="en")
    options = parser.parse_args()
    if options.files and options.empty:
        parser.error("--files configures something: leave --empty out")
    if options.folder is None:
        kind = "-empty" if options.empty else "-files" if options.files else ""
        options.folder = CHECKOUT / f".demo{kind}"
    return Options(**vars(options))


async def _until_a_signal(work: Coroutine[None, None, int], *, stays: bool) -> int:
    """Do the work; Ctrl-C and SIGTERM end it in order, a second one at once."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0 if stays else _INTERRUPTED


def main() -> int:
    """Return the exit code: 0 when all is well."""
    options = _options()
    try:
        return asyncio.run(_until_a_signal(run(options), stays=options.stays))
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
