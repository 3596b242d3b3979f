"""What every test shares."""

import logging

import pytest

# The test plugin brings a `custom_components` of its own: ours must be first.
import custom_components  # noqa: F401


@pytest.fixture(autouse=True)
def _quiet_database() -> None:
    """The test plugin shows every statement; thousands of rows drown all else."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
