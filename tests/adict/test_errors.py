"""The errors: which code is which, and what their texts never hold."""

import pytest

from custom_components.grdf_adict.adict import (
    SUPPLY_OVER,
    AdictAccessRightError,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictContractOverError,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
)
from custom_components.grdf_adict.adict.errors import error_from_code, error_from_status


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("1000000", AdictAccessRightError),
        ("1000001", AdictAccessRightError),
        ("1000002", AdictAccessRightError),
        ("1000009", AdictAccessRightError),
        ("1000010", AdictAccessRightError),
        ("1000011", AdictAccessRightError),
        ("1000014", AdictAccessRightError),
        ("1000016", AdictBadRequestError),
        ("1000000001", AdictAccessRightError),
        (SUPPLY_OVER, AdictAccessRightError),
        ("1000000006", AdictBadRequestError),
        ("2000000001", AdictUnavailableError),
        ("2000000009", AdictBadRequestError),
        ("1999999", AdictBadRequestError),
        ("2999999", AdictUnavailableError),
    ],
)
def test_a_code_of_grdf_has_its_class(code: str, kind: type[AdictError]) -> None:
    error = error_from_code(code, "Un message")
    assert type(error) is kind
    assert (error.code, error.message) == (code, "Un message")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, AdictBadAnswerError),
        (400, AdictBadRequestError),
        (401, AdictAuthenticationError),
        (403, AdictAccessRightError),
        (404, AdictBadRequestError),
        (408, AdictUnavailableError),
        (409, AdictBadRequestError),
        (418, AdictBadRequestError),
        (429, AdictQuotaError),
        (500, AdictUnavailableError),
        (503, AdictUnavailableError),
        (504, AdictUnavailableError),
    ],
)
def test_a_status_has_its_class(status: int, kind: type[AdictError]) -> None:
    error = error_from_status(status)
    assert type(error) is kind
    assert error.status == status


def test_a_known_code_has_precedence_over_the_status() -> None:
    error = error_from_status(409, code=SUPPLY_OVER)
    assert isinstance(error, AdictAccessRightError)
    assert str(error) == (
        "the customer's gas supply contract is over (code 1000000004, HTTP 409)"
    )


@pytest.mark.parametrize(
    ("message", "is_over"),
    [
        ("Votre contrat GRDF ADICT est expiré", True),
        ("VOTRE CONTRAT GRDF ADICT EST EXPIRE.", True),
        ("Expiration du contrat ADICT de votre société", True),
        ("Le contrat de fourniture de gaz est échu", False),
        ("Votre droit d'accès est expiré", False),
        ("Le droit d'accès du contrat est expiré", False),
        (None, False),
    ],
)
def test_the_words_of_grdf_alone_say_that_the_adict_contract_is_over(
    message: str | None,
    is_over: bool,  # noqa: FBT001 - the value that is compared
) -> None:
    errors = (
        error_from_code("1000099", message),
        error_from_code("2999999", message),
        error_from_code("?", message),
        error_from_code(SUPPLY_OVER, message),
        error_from_status(403, message=message),
        error_from_status(409, code=SUPPLY_OVER, message=message),
    )

    found = {isinstance(error, AdictContractOverError) for error in errors}
    assert found == {is_over}


@pytest.mark.parametrize(
    "secret",
    [
        "09999999900617",
        "0999 9999 9006 17",
        "GI999055",
        "gi 999055",
        "jean@example.com",
        "0612345678",
        "06 12 34 56 78",
        "+33612345678",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
    ],
)
def test_grdf_s_message_is_kept_without_personal_data(secret: str) -> None:
    error = error_from_code("1000002", f"Refus pour {secret}, merci.")
    assert secret not in error.message
    assert error.message.startswith("Refus pour …")
    assert error.message.endswith(", merci.")


def test_the_last_digits_of_a_pce_are_kept() -> None:
    error = error_from_code("1000002", "Refus pour 09999999900617")
    assert error.message == "Refus pour …0617"


def test_the_text_of_an_error_never_holds_grdf_s_message() -> None:
    error = error_from_code("1000002", "Refus pour M. EXEMPLE JEAN", 403)
    assert str(error) == "there is no access right (code 1000002, HTTP 403)"


def test_dates_and_short_numbers_are_not_masked() -> None:
    message = "date_fin 2026-11-21 : 5 ans au plus, code 1000016"
    assert "2026-11-21 : 5 ans" in error_from_code("1000016", message).message


def test_a_very_long_message_is_shortened() -> None:
    assert len(error_from_code("1000002", "mot " * 10_000).message) <= 500
