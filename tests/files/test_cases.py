"""Files as people bring them: each is read to the truth, asked about, or refused."""

import pytest

from tests.exports.cases import CASES, Known, fault


@pytest.mark.parametrize("known", CASES.values(), ids=CASES)
def test_a_file_is_dealt_with_as_is_right_for_it(known: Known) -> None:
    assert not fault(known)
