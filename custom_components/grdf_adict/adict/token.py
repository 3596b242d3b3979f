"""The access token: fetched once, shared, renewed ahead of its end."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout
import orjson
from yarl import URL

from .endpoints import Endpoints
from .errors import (
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictError,
    AdictUnavailableError,
    error_from_status,
)
from .observed import Observer, Tap, observed
from .request import HEADERS, message_of, object_in, read_body, retry_after

_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,8000}")
_RENEWED_AHEAD: Final = timedelta(minutes=5)
_LIFE: Final = timedelta(hours=4)
_LEAST_LIFE: Final = timedelta(minutes=1)
_TIMEOUT: Final = ClientTimeout(total=60, sock_connect=20)
_CREDENTIALS_REFUSED: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
)
# OAuth's codes for a client that is unknown or not allowed (RFC 6749, section 5.2).
_CLIENT_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client"})
# The fields of a form that no error may repeat.
_SECRET: Final = ("client_id", "client_secret", "code")


type Refusals = Mapping[str, tuple[Callable[..., AdictError], str]]


async def request_token(
    session: ClientSession,
    url: URL,
    form: Mapping[str, str],
    refusals: Refusals | None = None,
    tap: Tap | None = None,
) -> dict[str, Any]:
    """Send a form to a token server; return the object that it answers.

    `refusals` are the codes that have an error of the caller's, and its text. The tap
    is given the names of the object's fields, and no value.

    Raises:
        AdictAuthenticationError: the client id or secret is refused.
        AdictQuotaError: the token server answered 429.
        AdictUnavailableError: it could not be reached, or failed.
        AdictBadAnswerError: it refused the request for another reason.
    """
    try:
        async with session.post(
            url,
            data=form,
            headers=HEADERS,
            timeout=_TIMEOUT,
            allow_redirects=False,
        ) as response:
            answer = object_in(await read_body(response))
            if tap is not None:
                tap.answered(response)
                tap.add(orjson.dumps(dict.fromkeys(answer)))
            pause = retry_after(response)
    except (ClientError, OSError) as err:
        raise AdictUnavailableError(
            f"the token server did not answer ({type(err).__name__})"
        ) from None
    named = answer.get("error") or answer.get("errorCode")
    code = named if isinstance(named, str) else None
    gives_token = answer.keys() & {"access_token", "id_token"}
    if response.status == HTTPStatus.OK and (code is None or gives_token):
        return answer
    message = message_of(answer)
    refusal = (refusals or {}).get(code or "") or _refusal(response.status, code)
    if refusal is not None:
        kind, text = refusal
        error = kind(text, message=message, code=code, status=response.status)
    else:
        error = error_from_status(response.status, message=message, retry_after=pause)
    error.hide(form.get(name, "") for name in _SECRET)
    raise error


def _refusal(status: int, code: str | None) -> tuple[type[AdictError], str] | None:
    """Return the error for a refusal, None for any other failure (API notes §2)."""
    if (
        status == HTTPStatus.UNAUTHORIZED
        or (status in _CREDENTIALS_REFUSED and code is not None)
        or (status == HTTPStatus.OK and code in _CLIENT_REFUSED)
    ):
        return AdictAuthenticationError, "GRDF refused the client id or secret"
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and (
        status not in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    ):
        return AdictBadAnswerError, "the token server refused the request"
    if status == HTTPStatus.OK:
        return AdictBadAnswerError, "the token server answered with an error"
    return None


class TokenSource:
    """Gives the token of a contract, valid for four hours (deck, L'accès à l'API).

    Fetching one is not a call of the quota.
    """

    def __init__(
        self,
        session: ClientSession,
        endpoints: Endpoints,
        *,
        client_id: str,
        client_secret: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Store the credentials; the first `get` fetches."""
        self._session = session
        self._url = endpoints.token
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": endpoints.scope,
        }
        self._clock = clock
        self.observer: Observer | None = None
        self._token: str | None = None
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._fetching: asyncio.Task[str] | None = None
        self._waiting = 0

    @property
    def is_held(self) -> bool:
        """Whether a token is held that need not be renewed yet."""
        return self._token is not None and self._clock() < self._renew_at

    async def get(self) -> str:
        """Return a token that is good for some minutes at least.

        Concurrent callers share one request. Errors as of `request_token`.
        """
        if self._token is not None and self.is_held:
            return self._token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
        fetching = self._fetching
        self._waiting += 1
        try:
            # Unlike awaiting the task, waiting does not cancel it for the others.
            await asyncio.wait({fetching})
        finally:
            self._waiting -= 1
            if fetching.done() or not self._waiting:
                fetching.cancel()
                if self._fetching is fetching:
                    self._fetching = None
        return fetching.result()

    def invalidate(self, token: str) -> None:
        """Drop a token that GRDF refused, unless a newer one has replaced it."""
        if self._token == token:
            self._token = None

    async def _fetch(self) -> str:
        async with observed(self.observer, "POST", ("token",)) as tap:
            answer = await request_token(self._session, self._url, self._form, tap=tap)
        token = answer.get("access_token")
        # Anything else is no valid header.
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise AdictBadAnswerError("the token server sent no token")
        life = _lifetime(answer.get("expires_in"))
        self._token = token
        # A short-lived one is used for half its life, so that each is used at all.
        self._renew_at = self._clock() + life - min(_RENEWED_AHEAD, life / 2)
        return token


def _lifetime(expires_in: object) -> timedelta:
    """Return how long a token is valid, from a minute to four hours.

    Okta gives seconds, at times as text. A token that ends earlier is refused by GRDF
    and then replaced: a request for each call, as a shorter life means, is never made.
    """
    try:
        seconds = float(str(expires_in))
    except ValueError:
        return _LIFE
    if not 0 < seconds < _LIFE.total_seconds():
        return _LIFE
    return max(timedelta(seconds=seconds), _LEAST_LIFE)
