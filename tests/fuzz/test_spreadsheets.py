"""A few of the cases that `scripts/soak --fuzz-files` runs by the thousand."""

from .spreadsheets import run


def test_what_spreadsheets_do_to_a_file_is_never_silently_wrong() -> None:
    assert run(100).total() == 100
