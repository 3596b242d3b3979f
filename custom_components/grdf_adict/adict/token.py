"""The access token: fetched once, shared, renewed ahead of its end."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
import re
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from .body import HEADERS, read_body, read_object, retry_after, words_of
from .endpoints import Endpoints
from .errors import (
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictError,
    AdictUnavailableError,
    error_from_status,
)

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_RENEWED_AHEAD: Final = timedelta(minutes=5)
_LIFE: Final = timedelta(hours=4)
_TIMEOUT: Final = ClientTimeout(total=60, sock_connect=20)
_CREDENTIALS_REFUSED: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
)


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
        try:
            async with self._session.post(
                self._endpoints.token,
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
        answer = read_object(body)
        if response.status != HTTPStatus.OK:
            raise self._error(response.status, answer, wait)
        return self._keep(answer)

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

    def _error(
        self, status: int, answer: dict[str, Any], wait: float | None
    ) -> AdictError:
        """Return the error for an Okta failure body (API notes §2)."""
        code = answer.get("error") or answer.get("errorCode")
        words = words_of(answer)
        message = self._without_secrets(words) if words else None
        if status == HTTPStatus.UNAUTHORIZED or (
            status in _CREDENTIALS_REFUSED and isinstance(code, str)
        ):
            return AdictAuthenticationError(
                "GRDF refused the client id or secret",
                message=message,
                code=code if isinstance(code, str) else None,
                status=status,
            )
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and (
            status not in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
        ):
            return AdictBadAnswerError(
                "the token server refused the request", message=message, status=status
            )
        return error_from_status(status, message=message, retry_after=wait)

    def _without_secrets(self, words: str) -> str:
        for secret in (self._client_secret, self._client_id):
            if secret:
                words = words.replace(secret, "…")
        return words


def _lifetime(expires_in: object) -> timedelta:
    """Return how long a token lives; Okta says it in seconds, at times as text."""
    try:
        seconds = float(str(expires_in))
        return timedelta(seconds=seconds) if seconds > 0 else _LIFE
    except ValueError, OverflowError:
        return _LIFE
