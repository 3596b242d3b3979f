import time
from collections import Counter
from itertools import chain
from .checks import *
from .verdicts import truthfulness
from .drawn import drawn
import pytest
import os


@pytest.mark.timeout(0)
async def test_it(endure):
    s = drawn(int(os.environ.get("SEED", "1")), int(os.environ.get("DAYS", "5")))
    for sp in s.weather:
        print(sp)
    t = time.process_time()
    names = tuple(METERS)[: int(os.environ.get("METERS", "10"))]
    runs = await endure(s, 1, names)
    print("cpu", time.process_time() - t)
    d = runs.troubled
    bs = list(
        chain(
            liveness(s, d),
            rows_as_the_oracle_has_them(d),
            conservation(d),
            isolation(s, d, runs.calm),
            pace_and_quota(s, d),
            log_is_quiet(s, d),
            truthfulness(s, d),
        )
    )
    print(Counter(b.invariant for b in bs))
    for b in bs[:60]:
        print(b)
    print(len(d.met), len(runs.calm.met), len(d.starts))
    print(Counter(e.shown["09999999900001"].state for e in d.evenings))
