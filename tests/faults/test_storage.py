"""Storage files that are cut off or of another version: a real process, real files."""

from collections.abc import AsyncIterator
from datetime import timedelta
import json
from pathlib import Path

import pytest

from tests.kills.cycle import EVENING, Killer, killer
from tests.kills.house import ENTRY_ID, House
from tests.sandbox import HOUSE

METER = f"grdf_adict.meter.sandbox_{HOUSE}"
ACCOUNT = f"grdf_adict.account.{ENTRY_ID}"
# The next evening, as the daily refresh of the kills.
NOW = EVENING + timedelta(days=1)

pytestmark = [
    pytest.mark.usefixtures("forks"),
    # Home Assistant is imported anew first: a busy machine takes its time.
    pytest.mark.timeout(240),
]


@pytest.fixture
async def kills() -> AsyncIterator[Killer]:
    async with killer(seed=2) as found:
        yield found


def _imported(kills: Killer, name: str) -> House:
    """Return a house whose import is done, before its next evening."""
    _, daily = kills.scenarios
    kills.sandbox.now = daily.now
    kills.sandbox.reset_calls()
    return daily.start.copied(kills.folder / name)


def _cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


async def test_a_meters_file_that_is_cut_off_is_made_anew_from_rows_and_calls(
    kills: Killer,
) -> None:
    house = _imported(kills, "meter")
    _cut(house.stored(METER))

    told = await house.run(NOW)

    assert told["failures"] == []
    # Home Assistant keeps what is left of the file, and tells of it.
    assert told["repairs"] == ["storage_corruption"]
    assert list(house.path.glob(f".storage/{METER}.corrupt*"))
    assert house.rows() == kills.scenarios[1].rows


async def test_a_contracts_file_that_is_cut_off_is_told_again_by_grdf(
    kills: Killer,
) -> None:
    house = _imported(kills, "account")
    _cut(house.stored(ACCOUNT))

    told = await house.run(NOW)

    assert (told["failures"], told["repairs"]) == ([], ["storage_corruption"])
    assert house.rows() == kills.scenarios[1].rows


@pytest.mark.parametrize("key", [METER, ACCOUNT])
async def test_a_file_of_a_newer_version_is_left_alone_until_the_update(
    kills: Killer, key: str
) -> None:
    house = _imported(kills, f"newer-{key}")
    file = house.stored(key)
    content = json.loads(file.read_text())
    newer = json.dumps(content | {"version": content["version"] + 1})
    file.write_text(newer)

    told = await house.run(NOW)

    assert (told["entry"], told["error"]) == ("setup_error", "newer_storage")
    assert file.read_text() == newer
    assert kills.sandbox.calls == []

    file.write_text(json.dumps(content))
    assert (await house.run(NOW))["failures"] == []
    assert house.rows() == kills.scenarios[1].rows
