"""A few of the cases that `scripts/soak --fuzz-files` runs by the thousand."""

from hypothesis import HealthCheck, given, settings, strategies as st

from .files import check, contents, whole_files


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents, st.booleans())
def test_a_broken_file_is_read_or_refused(content: bytes, leave_out: bool) -> None:  # noqa: FBT001
    outcome = check(content, leave_out=leave_out)

    assert outcome.startswith(("read", "asked", "refused"))


def test_the_files_to_be_broken_are_whole_to_begin_with() -> None:
    outcomes = [check(content, leave_out=False) for content in whole_files()]

    assert all(outcome.startswith("read") for outcome in outcomes)
