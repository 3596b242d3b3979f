"""GRDF's errors as Home Assistant's, translated, and the wait after them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from ..adict import (
    NO_RIGHT,
    SUPPLY_OVER,
    AdictAccessRightError,
    AdictAlreadyExistsError,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictContractOverError,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    AdictUncertainError,
)
from ..const import DOMAIN
from ..health import HealthState, Trouble
from ..metering import paris_date
from ..metering.schedule import CallFailure
from ..rights import CONTRACT_OVER, Scope, row_of
from .texts import escaped

TRANSLATION_KEYS: Final[tuple[tuple[type[AdictError], str], ...]] = (
    (AdictContractOverError, "contract_over"),
    (AdictAlreadyExistsError, "already_exists"),
    (AdictUncertainError, "uncertain"),
    (AdictAuthenticationError, "invalid_auth"),
    (AdictAccessRightError, "no_access_right"),
    (AdictQuotaError, "quota_reached"),
    (AdictUnavailableError, "cannot_connect"),
    (AdictBadAnswerError, "bad_answer"),
    (AdictBadRequestError, "bad_request"),
)

_RETRY: Final = timedelta(hours=1)
# A refusal does not change within the day: the customer or GRDF must act first.
_RETRY_REFUSED: Final = timedelta(hours=20)


def invalid(
    key: str, placeholders: Mapping[str, str] | None = None
) -> ServiceValidationError:
    """Return the error of an invalid request; `key` is that of its translated text."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=dict(placeholders or {}),
    )


def not_done(
    key: str, placeholders: Mapping[str, str] | None = None
) -> HomeAssistantError:
    """Return the error of a valid request that failed; `key` as in `invalid`."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=dict(placeholders or {}),
    )


def translation_key(error: AdictError) -> str:
    """Return the key under which an error is explained, in forms and exceptions."""
    if error.code == SUPPLY_OVER:
        return "supply_over"
    return next(
        (key for kind, key in TRANSLATION_KEYS if isinstance(error, kind)), "bad_answer"
    )


def placeholders(error: AdictError) -> dict[str, str]:
    """Return GRDF's own code and message for an explanation."""
    code = error.code or str(error.status or "-")
    return {"code": code, "message": escaped(error.message)}


def failed(
    coordinator: DataUpdateCoordinator[Any], error: AdictError, retry: timedelta
) -> UpdateFailed:
    """Return what a coordinator raises for GRDF's error, translated.

    A refused secret starts reauthentication, and is still tried: GRDF may be wrong. The
    text is logged: GRDF's message, which may name people, is left out of it.
    """
    entry = coordinator.config_entry
    if entry is not None and isinstance(error, AdictAuthenticationError):
        entry.async_start_reauth(coordinator.hass)
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=translation_key(error),
        translation_placeholders={"code": placeholders(error)["code"]},
        retry_after=retry.total_seconds(),
    )


def async_secret_accepted(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """End reauthentication: GRDF accepts the present secret."""
    for flow in list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        hass.config_entries.flow.async_abort(flow["flow_id"])


def failure_of(error: AdictError) -> CallFailure:
    """Return GRDF's code, else the HTTP status, and its text, for a record.

    `CONTRACT_OVER` stands for GRDF's words on the contract, whatever their code.
    """
    if isinstance(error, AdictContractOverError):
        return CallFailure(CONTRACT_OVER, error.grdf_message)
    code = error.code or (str(error.status) if error.status else None)
    return CallFailure(code, error.grdf_message)


def revocation_key(error: AdictError, *, as_holder: bool) -> str:
    """Return the key of the text of a refused revocation.

    GRDF's swagger offers the call "en tant que tiers AUTORISE" alone (API notes §7).
    """
    if as_holder and error.status == HTTPStatus.CONFLICT and error.code != NO_RIGHT:
        return "revoke_as_holder"
    return translation_key(error)


def is_refusal(error: AdictError) -> bool:
    """Whether a retry is useless until the customer or GRDF has acted."""
    return isinstance(error, AdictAccessRightError | AdictBadRequestError)


def trouble_of(error: AdictError, now: datetime) -> Trouble:
    """Return what a meter shows of an error that concerns its whole contract."""
    match error:
        case AdictAuthenticationError():
            state = HealthState.SECRET_REFUSED
        case AdictQuotaError():
            state = HealthState.QUOTA_REACHED
        case AdictAccessRightError() | AdictBadRequestError():
            state = HealthState.REFUSED
        case _:
            state = HealthState.GRDF_AWAY
    return Trouble(state, failure_of(error), paris_date(now))


def retry_wait(error: AdictError) -> timedelta:
    """Return how long to make no call after an error."""
    if is_refusal(error):
        scope = row_of(error.code).scope
        return _RETRY if scope is Scope.HOUR else _RETRY_REFUSED
    return max(_RETRY, timedelta(seconds=error.retry_after or 0))
