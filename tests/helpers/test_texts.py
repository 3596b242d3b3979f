"""Dates and numbers in texts, as each language writes them."""

from datetime import date
from decimal import Decimal

import pytest

from custom_components.grdf_adict.helpers.texts import shown_date, shown_decimal


@pytest.mark.parametrize(
    ("language", "shown"), [("fr", "04/11/2026"), ("en", "2026-11-04")]
)
def test_a_date_is_shown_as_its_readers_write_it(language: str, shown: str) -> None:
    assert shown_date(date(2026, 11, 4), language) == shown
    assert shown_date(None, language) == "—"


@pytest.mark.parametrize(
    ("language", "shown"), [("fr", "0,0000912"), ("en", "0.0000912")]
)
def test_a_number_keeps_all_its_digits(language: str, shown: str) -> None:
    assert shown_decimal(Decimal("0.0000912"), language) == shown
