"""HTTP exchanges with the API: token, turn, tries, statuses."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from random import SystemRandom
from typing import Final

from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientPayloadError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from yarl import URL

from .answer import Answer, CutEarlyError, Intake, status_of
from .errors import (
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    AdictUncertainError,
    error_from_status,
)
from .observed import Observer, Tap, observed
from .quota import Quota
from .request import (
    HEADERS,
    Request,
    message_of,
    object_in,
    read_body,
    retry_after,
)
from .stream import LARGEST_OBJECT, ObjectSplitter
from .token import TokenSource
from .waiting import Priority

# An answer may be long: only the time without data is limited.
TIMEOUT: Final = ClientTimeout(total=None, sock_connect=20, sock_read=60)

_TRIES: Final = 3
# An answer that is still coming after so many seconds, or whose status has not come,
# is given up.
_LONGEST_ANSWER: float = 1800.0
_LONGEST_HEADER: float = 120.0
_FIRST_WAIT: Final = 2.0
_WAIT_GROWTH: Final = 4.0
_LONGEST_WAIT: Final = 60.0
_CHUNK: Final = 65_536
# Without a whole object for so long, in seconds or in bytes, an answer is cut.
_OBJECT_TIMEOUT: float = 300.0
_MOST_BETWEEN: Final = 4 * LARGEST_OBJECT
_JITTER: Final = SystemRandom()


class _TokenRefusedError(Exception):
    """A call came back with 401; `error` is what its caller gets at the second one."""

    def __init__(self, error: AdictError) -> None:
        super().__init__()
        self.error = error


async def _send_once(
    request: ClientRequest, handler: ClientHandlerType
) -> ClientResponse:
    """Keep aiohttp from sending a call again by itself when a connection breaks.

    The second one would be neither paced nor counted.
    """
    try:
        return await handler(request)
    except ClientConnectorError, ConnectionTimeoutError:
        raise
    except ClientOSError, ServerDisconnectedError:
        # aiohttp repeats a request after these, but not after their base class.
        raise ClientConnectionError from None


class Transport:
    """Sends calls to the API and reads their answers."""

    def __init__(
        self,
        session: ClientSession,
        api: URL,
        *,
        tokens: TokenSource,
        quota: Quota,
        sleep: Callable[[float], Awaitable[None]],
        timeout: ClientTimeout,
    ) -> None:
        """Store what exchanges need."""
        self._session = session
        self._api = api
        self._tokens = tokens
        self._quota = quota
        self._sleep = sleep
        self._timeout = timeout
        self._one_chunk_at_a_time = asyncio.Lock()
        self._failed: set[tuple[str, ...]] = set()
        self.observer: Observer | None = None

    async def authenticate(self) -> None:
        """Make sure that there is a token."""
        await self._with_retries(self._tokens.get, _TRIES)

    async def send[T](
        self, request: Request, intake: Callable[[], Intake[T]], *, place: Priority
    ) -> Answer[T]:
        """Return the answer to a request; each try has an intake of its own.

        What failed the last time is tried once: its caller waits longer between calls
        than this would.
        """

        async def once() -> Answer[T]:
            return await self._exchange(request, intake(), place)

        tries = 1 if request.path in self._failed else _TRIES
        try:
            answer = await self._with_retries(
                lambda: self._with_good_token(once), tries
            )
        except AdictUnavailableError as err:
            if not err.concerns_all:
                self._failed.add(request.path)
            raise
        self._failed.discard(request.path)
        return answer

    async def _with_retries[R](
        self, exchange: Callable[[], Awaitable[R]], tries: int
    ) -> R:
        """Try a few times, with growing waits, while GRDF is unavailable."""
        for wait in (_FIRST_WAIT * _WAIT_GROWTH**n for n in range(tries - 1)):
            try:
                return await exchange()
            except AdictUncertainError:
                raise
            except AdictUnavailableError as err:
                if err.retry_after is not None and err.retry_after > _LONGEST_WAIT:
                    raise
                pause = err.retry_after or 0.0
            await self._sleep(max(pause, wait * _JITTER.uniform(0.5, 1.5)))
        return await exchange()

    async def _with_good_token[R](self, exchange: Callable[[], Awaitable[R]]) -> R:
        """Exchange once more with a new token when GRDF refuses the present one."""
        try:
            return await exchange()
        except _TokenRefusedError:
            pass
        try:
            return await exchange()
        except _TokenRefusedError as refusal:
            raise refusal.error from None

    async def _exchange[T](
        self, request: Request, intake: Intake[T], place: Priority
    ) -> Answer[T]:
        # A refused secret must not cost a call, and a turn may take longer than the
        # token is valid: get one before and within. Calls that wait for one token must
        # not start together.
        await self._token()
        await self._quota.turn(place, ready=self._token)
        token = await self._token()
        self._quota.started()
        async with (
            observed(self.observer, request.method, request.path, request.query) as tap,
            request.body() as body,
        ):
            try:
                async with (
                    asyncio.timeout(_LONGEST_HEADER) as deadline,
                    self._session.request(
                        request.method,
                        self._api.joinpath(*request.path),
                        params=request.query,
                        data=body,
                        headers={**HEADERS, "Authorization": f"Bearer {token}"},
                        timeout=self._timeout,
                        allow_redirects=False,
                        middlewares=(_send_once,),
                    ) as response,
                ):
                    deadline.reschedule(None)
                    if tap is not None:
                        tap.answered(response)
                    if not _is_success(response):
                        raise await self._refusal(response, token, tap)
                    self._quota.succeeded()
                    await self._receive(response, intake, tap)
                return intake.answer()
            except (ClientConnectorError, ConnectionTimeoutError) as err:
                raise _unavailable(err) from None
            except (ClientError, OSError, CutEarlyError) as err:
                raise _failure(request, _unavailable(err)) from None
            except AdictUnavailableError as err:
                raise _failure(request, err) from None

    async def _token(self) -> str:
        """Return a token; a failure to get one concerns every call."""
        try:
            return await self._tokens.get()
        except AdictError as err:
            err.concerns_all = True
            raise

    async def _refusal(
        self, response: ClientResponse, token: str, tap: Tap | None
    ) -> Exception:
        """Return the error for a status other than success."""
        content = b""
        try:
            async with asyncio.timeout(_OBJECT_TIMEOUT):
                content = await read_body(response)
        except ClientError, OSError:
            if tap is not None:
                tap.is_cut = True
        if tap is not None:
            tap.add(content)
        body = object_in(content)
        status = status_of(body)
        error = error_from_status(
            response.status,
            code=status.code if status else None,
            message=status.message if status else message_of(body),
            retry_after=retry_after(response),
        )
        if isinstance(error, AdictQuotaError):
            self._quota.throttled(error.retry_after)
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.invalidate(token)
            return _TokenRefusedError(error)
        return error

    async def _receive[T](
        self, response: ClientResponse, intake: Intake[T], tap: Tap | None
    ) -> None:
        """Feed a stream to its intake; what came before a break is kept."""
        splitter = ObjectSplitter()
        try:
            await self._feed(response, splitter, intake, tap)
        except ClientError, OSError:
            if tap is not None:
                tap.is_cut = True
            if not intake.has_objects:
                raise
            intake.cut()
        for event in splitter.close():
            intake.take(event)

    async def _feed[T](
        self,
        response: ClientResponse,
        splitter: ObjectSplitter,
        intake: Intake[T],
        tap: Tap | None,
    ) -> None:
        """Read objects as long as they come.

        Of concurrent answers, one chunk is read in each round of the event loop: a
        hundred would block every other task.

        Raises:
            ClientError: the connection broke, many bytes held no object, or there
                were too many objects.
            OSError: the connection broke, no object came for long, or they never end.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + _LONGEST_ANSWER
        since_object = 0
        async with asyncio.timeout(_OBJECT_TIMEOUT) as timeout:
            async for chunk in response.content.iter_chunked(_CHUNK):
                since_object += len(chunk)
                if tap is not None:
                    tap.add(chunk)
                async with self._one_chunk_at_a_time:
                    for event in splitter.feed(chunk):
                        intake.take(event)
                        if isinstance(event, dict):
                            since_object = 0
                        if intake.is_full:
                            raise ClientPayloadError
                    # What is buffered arrives without a pause: let other tasks run.
                    await asyncio.sleep(0)
                if since_object == 0:
                    timeout.reschedule(min(loop.time() + _OBJECT_TIMEOUT, end))
                elif since_object > _MOST_BETWEEN:
                    raise ClientPayloadError


def _is_success(response: ClientResponse) -> bool:
    return HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES


def _unavailable(error: Exception) -> AdictUnavailableError:
    # aiohttp's texts may hold the address, and so the PCE: name only the kind.
    return AdictUnavailableError(f"GRDF did not answer ({type(error).__name__})")


def _failure(request: Request, error: AdictUnavailableError) -> AdictUnavailableError:
    """Return the error for a request that was sent and may have been taken."""
    not_taken = (
        error.status == HTTPStatus.SERVICE_UNAVAILABLE and error.retry_after is not None
    )
    if request.repeatable or not_taken:
        return error
    return AdictUncertainError(
        "GRDF failed, and may have done what was asked",
        message=error.message,
        code=error.code,
        status=error.status,
        retry_after=error.retry_after,
    )
