"""One house a language, one visit a test."""

from collections.abc import AsyncIterator, Generator, Iterable
from pathlib import Path
from typing import cast
from unittest.mock import patch

from playwright.async_api import expect
import pytest
import pytest_asyncio
import pytest_socket

from .album import Album
from .house import House
from .report import tell
from .stage import Stage, staged
from .texts import Language

_PATIENCE_MS = 30_000
# The first test of a language also starts the house.
_SECONDS = 300
_FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=_PATIENCE_MS)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a command ask for the pictures of the documents."""
    parser.addoption(
        "--pictures",
        type=Path,
        metavar="FOLDER",
        help="where the pictures that the documents show are written",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Run all on one loop and one worker, with time to spare."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.timeout(_SECONDS))
        if here in item.path.parents and item.get_closest_marker("asyncio"):
            # Before the marker that auto mode has set.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None]:
    """Leave sockets alone, to this machine only: servers live on between the tests."""
    pytest_socket.enable_socket()
    with patch.object(pytest_socket, "disable_socket"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Let the house and the browser outlive a test: they end with the session."""


@pytest.fixture(scope="session", params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> Language:
    """The language of the house."""
    return cast("Language", request.param)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(
    language: Language, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Home Assistant and the sandbox, up while a language is tested."""
    async with staged(tmp_path_factory.mktemp(f"house-{language}"), language) as up:
        yield up


@pytest_asyncio.fixture(loop_scope="session")
async def house(stage: Stage, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A house without a contract, and a fresh visit of its user."""
    await stage.empty()
    documents = request.config.getoption("--pictures", default=None)
    async with stage.visit() as context:
        page = await context.new_page()
        house = House(stage, page, Album(stage.language, documents))
        page.on("pageerror", lambda error: house.errors.append(str(error)))
        yield house
        if request.node.stash.get(_FAILED, False):
            text = await tell(house, request.node.name)
            request.node.add_report_section("teardown", "house", text)
