"""The name of a metering point."""

from hypothesis import given, strategies as st
import pytest

from custom_components.grdf_adict.adict import InvalidPceError, mask_pce, parse_pce


@pytest.mark.parametrize(
    ("written", "pce"),
    [
        ("09999999900617", "09999999900617"),
        (" 0999 9999\u00a0900\u202f617\n", "09999999900617"),
        ("GI999055", "GI999055"),
        ("gi 999 055", "GI999055"),
    ],
)
def test_a_pce_is_read_however_it_is_spaced(written: str, pce: str) -> None:
    assert parse_pce(written) == pce


@pytest.mark.parametrize(
    "written",
    [
        "",
        "9999999900617",
        "099999999006170",
        "GI99905",
        "GI9990555",
        "GJ999055",
        "0999999990061A",
        "٠٩٩٩٩٩٩٩٩٠٠٦١٧",
    ],
)
def test_an_invalid_pce_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(InvalidPceError) as caught:
        parse_pce(written)
    assert not written or written not in str(caught.value)


@given(st.text())
def test_any_text_is_a_pce_or_refused(written: str) -> None:
    try:
        pce = parse_pce(written)
    except InvalidPceError:
        return
    assert parse_pce(pce) == pce


def test_only_four_characters_of_a_pce_are_shown() -> None:
    assert mask_pce("09999999900617") == "…0617"
