"""The access token: fetched once, shared, renewed ahead of its end."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from .endpoints import Endpoints
from .errors import (
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictError,
    AdictUnavailableError,
    error_from_status,
)
from .request import HEADERS, read_body, read_object, retry_after, words_of

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_RENEWED_AHEAD: Final = timedelta(minutes=5)
_LIFE: Final = timedelta(hours=4)
_TIMEOUT: Final = ClientTimeout(total=60, sock_connect=20)
_CREDENTIALS_REFUSED: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
)
# What OAuth calls a client that is not, or must not be (RFC 6749, section 5.2).
_CLIENT_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What a token server said."""

    status: int
    body: dict[str, Any] = field(repr=False)
    retry_after: float | None

    @property
    def code(self) -> str | None:
        """Return the error that it names (API notes §2)."""
        code = self.body.get("error") or self.body.get("errorCode")
        return code if isinstance(code, str) else None

    @property
    def is_error(self) -> bool:
        """Whether it says no, be it under the status of success."""
        gives = self.body.keys() & {"access_token", "id_token"}
        return self.status != HTTPStatus.OK or (self.code is not None and not gives)


async def ask_token_server(
    session: ClientSession, url: URL, form: Mapping[str, str]
) -> TokenAnswer:
    """Send a form to a token server.

    Raises:
        AdictUnavailableError: it could not be reached, or did not answer.
    """
    try:
        async with session.post(
            url,
            data=form,
            headers=HEADERS,
            timeout=_TIMEOUT,
            allow_redirects=False,
        ) as response:
            body = await read_body(response)
            wait = retry_after(response)
    except (ClientError, OSError) as err:
        raise AdictUnavailableError(
            f"the token server did not answer ({type(err).__name__})"
        ) from None
    return TokenAnswer(response.status, read_object(body), wait)


def token_server_error(answer: TokenAnswer, secrets: Iterable[str]) -> AdictError:
    """Return the error for an answer other than success (API notes §2).

    Args:
        answer: an Okta failure body, or anything else.
        secrets: what the answer must not repeat.
    """
    error = _error(answer, words_of(answer.body))
    error.hide(secrets)
    return error


def _error(answer: TokenAnswer, message: str | None) -> AdictError:
    status = answer.status
    if (
        status == HTTPStatus.UNAUTHORIZED
        or (status in _CREDENTIALS_REFUSED and answer.code is not None)
        or (status == HTTPStatus.OK and answer.code in _CLIENT_REFUSED)
    ):
        return AdictAuthenticationError(
            "GRDF refused the client id or secret",
            message=message,
            code=answer.code,
            status=status,
        )
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and (
        status not in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    ):
        return AdictBadAnswerError(
            "the token server refused the request", message=message, status=status
        )
    if status == HTTPStatus.OK:
        return AdictBadAnswerError(
            "the token server answered with an error",
            message=message,
            code=answer.code,
            status=status,
        )
    return error_from_status(status, message=message, retry_after=answer.retry_after)


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
        """Keep the credentials; the first `get` fetches."""
        self._session = session
        self._endpoints = endpoints
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._token: str | None = None
        self._renew_at: datetime | None = None
        self._fetching: asyncio.Task[str] | None = None
        self._waiting = 0

    @property
    def is_held(self) -> bool:
        """Whether a token is held that need not be renewed yet."""
        return bool(self._token and self._renew_at and self._clock() < self._renew_at)

    async def get(self) -> str:
        """Return a token that is good for some minutes at least.

        However many ask at once, one request is made.

        Raises:
            AdictAuthenticationError: the client id or secret is refused.
            AdictQuotaError: the token server said 429.
            AdictUnavailableError: it could not be reached, or failed.
            AdictBadAnswerError: it answered without a token.
        """
        if self._token and self._renew_at and self._clock() < self._renew_at:
            return self._token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
        fetching = self._fetching
        self._waiting += 1
        try:
            # Waiting, unlike awaiting the task, leaves it to the others when one of
            # us is cancelled.
            await asyncio.wait({fetching})
        finally:
            self._waiting -= 1
            if fetching.done() or not self._waiting:
                fetching.cancel()
                if self._fetching is fetching:
                    self._fetching = None
        return fetching.result()

    def invalidate(self, token: str) -> None:
        """Forget a token that GRDF refused, unless a newer one has replaced it."""
        if self._token == token:
            self._token = None

    async def _fetch(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "scope": self._endpoints.scope,
        }
        answer = await ask_token_server(self._session, self._endpoints.token, form)
        if answer.is_error:
            raise token_server_error(answer, (self._client_secret, self._client_id))
        return self._keep(answer.body)

    def _keep(self, answer: dict[str, Any]) -> str:
        token = answer.get("access_token")
        # Anything else could not stand in a header.
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise AdictBadAnswerError("the token server sent no token")
        life = _lifetime(answer.get("expires_in"))
        self._token = token
        # A short-lived one is used for half its life, so that each is used at all.
        self._renew_at = self._clock() + life - min(_RENEWED_AHEAD, life / 2)
        return token


def _lifetime(expires_in: object) -> timedelta:
    """Return how long a token lives; Okta says it in seconds, at times as text."""
    try:
        seconds = float(str(expires_in))
        return timedelta(seconds=seconds) if seconds > 0 else _LIFE
    except ValueError, OverflowError:
        return _LIFE
