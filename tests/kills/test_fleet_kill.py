"""Three hundred PCE in a workbook, and a Home Assistant that is killed meanwhile."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.integration.fleet import BAD, PCES, build, three_hundred
from tests.sandbox import HOUSE, Sandbox, serve

from .cycle import EVENING
from .house import House
from .launcher import FLEET

pytestmark = [
    pytest.mark.usefixtures("forks"),
    pytest.mark.timeout(240),
]
# In the middle of blocks, so that some outcomes are not on the disk yet.
_KILLED_AT = (7, 153, 260)


async def test_each_pce_is_declared_once_however_often_home_assistant_is_killed(
    tmp_path: Path,
) -> None:
    sandbox = Sandbox(1, EVENING)
    pces = build(sandbox, PCES)

    def declared() -> Counter[str]:
        return Counter(right.pce for right in sandbox.rights if right.pce in pces)

    async with serve(sandbox) as served:
        house = House.furnished(tmp_path / "house", served, (HOUSE,))
        (house.path / FLEET).write_bytes(three_hundred(sandbox, pces))
        for killed_at in _KILLED_AT:
            async with house.running(EVENING) as process:
                while declared().total() < killed_at and process.is_alive():  # noqa: ASYNC110 - of another process
                    await asyncio.sleep(0)
                assert process.is_alive()
            assert killed_at <= declared().total() < PCES - BAD
        told = await house.run(EVENING)

    asked = Counter(call.path for call in sandbox.calls if call.method == "PUT")
    assert (len(asked), set(asked.values())) == (PCES - BAD, {1})
    assert told["fleet"] == {"done": PCES - BAD}
    assert (len(declared()), set(declared().values())) == (PCES - BAD, {1})
