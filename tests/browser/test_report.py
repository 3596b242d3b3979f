"""What a failed test tells holds no secret, and no whole PCE."""

import pytest

from .report import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Meter 09999999900001 is late", "Meter …0001 is late"),
        ("grdf_adict:sandbox_gi990021_energy", "grdf_adict:sandbox_…0021_energy"),
        ("Bearer s3cret-token", "Bearer …"),
        ("2026-11-24 14:10:43.812 WARNING", "2026-11-24 14:10:43.812 WARNING"),
    ],
)
def test_a_report_is_masked(text: str, shown: str) -> None:
    assert masked(text, ["s3cret-token"]) == shown
