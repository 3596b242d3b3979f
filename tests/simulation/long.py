"""One seed as `tests.simulation` asks for it; too long to be collected as a test."""

import asyncio
from dataclasses import asdict
import json
import os
from pathlib import Path
import time

import pytest

from . import inspection
from .conftest import Endure, Simulate
from .report import WISH


@pytest.mark.timeout(0)
async def test_every_evening_ends_with_what_the_oracle_holds(
    simulate: Simulate,
) -> None:
    wish = json.loads(os.environ[WISH])

    report = await simulate(wish["seed"], wish["days"], lone=wish["lone"])

    await asyncio.to_thread(Path(wish["report"]).write_text, json.dumps(asdict(report)))


@pytest.mark.timeout(0)
async def test_weather_harms_nobody_else_and_is_told(endure: Endure) -> None:
    wish = json.loads(os.environ[WISH])
    schedule = inspection.schedule_of(wish["seed"], wish["days"])
    began = time.process_time()

    runs = await endure(schedule, wish["seed"])

    seconds = time.process_time() - began
    report = inspection.report(wish["seed"], schedule, runs, seconds)
    await asyncio.to_thread(Path(wish["report"]).write_text, json.dumps(asdict(report)))
