"""Dates, numbers and foreign texts, as they are shown."""

from datetime import date
from decimal import Decimal

import pytest

from custom_components.grdf_adict.helpers.texts import (
    escaped,
    shown_date,
    shown_decimal,
)


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


@pytest.mark.parametrize(
    "text",
    [
        "Maison (rez-de-chaussée), 2e étage - n° 3",
        "Dupont & Fils",
        "L'Épi d'Or",
        "Donnees_informatives_…0617_2026.xlsx",
        "sensor.gas_price",
        "1000000005",
        "-",
    ],
)
def test_most_names_are_shown_unchanged(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[a](https://b.example)", r"\[a\]\(https\://b.example)"),
        ("![a](b)", r"\!\[a\]\(b)"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("www.b.example", r"www\.b.example"),
        ("*a* _b_ `c` ~d~ |e|", r"\*a\* \_b_ \`c\` \~d\~ \|e\|"),
        ("\\[a]", r"\\\[a\]"),
        ("# a", r"\# a"),
        ("- a\n\n# b", r"\- a # b"),
        ("a\u202eb\x00", "a b"),
    ],
)
def test_markup_is_shown_as_it_is_written(text: str, shown: str) -> None:
    assert escaped(text) == shown
