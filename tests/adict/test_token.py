"""The token: fetched once, shared, renewed; and what its server may refuse."""

import asyncio
from datetime import timedelta

from aiohttp import ClientSession
import pytest
from yarl import URL

from custom_components.grdf_adict.adict import (
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictClient,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    Endpoints,
    Quota,
)
from custom_components.grdf_adict.adict.token import TokenSource

from .conftest import Clock, Reply, Script, token_reply

OKTA_REFUSAL = b'{"error":"invalid_client","error_description":"Bad client secret."}'


@pytest.fixture
def tokens(http: ClientSession, endpoints: Endpoints, clock: Clock) -> TokenSource:
    return TokenSource(
        http,
        endpoints,
        client_id="id-of-tests",
        client_secret="secret-of-tests",
        clock=clock,
    )


async def test_the_request_is_a_form_of_client_credentials(
    client: AdictClient, script: Script
) -> None:
    await client.authenticate()
    (call,) = script.token_calls
    assert call.form == {
        "grant_type": "client_credentials",
        "client_id": "id-of-tests",
        "client_secret": "secret-of-tests",
        "scope": "/adict/v2",
    }
    assert call.headers["User-Agent"].startswith("grdf-adict/")


async def test_a_token_is_fetched_once_for_ten_concurrent_calls(
    tokens: TokenSource, script: Script
) -> None:
    found = await asyncio.gather(*(tokens.get() for _ in range(10)))
    assert found == ["token-1"] * 10
    assert len(script.token_calls) == 1


async def test_a_waiter_that_is_cancelled_leaves_the_token_to_the_others(
    tokens: TokenSource, script: Script
) -> None:
    waiters = [asyncio.create_task(tokens.get()) for _ in range(3)]
    await asyncio.sleep(0)
    waiters[0].cancel()
    found = await asyncio.gather(*waiters, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == ["token-1", "token-1"]
    assert len(script.token_calls) == 1


async def test_a_fetch_that_no_caller_waits_for_any_more_stops(
    tokens: TokenSource, script: Script
) -> None:
    script.tokens = [Reply(silent=True)]
    waiter = asyncio.create_task(tokens.get())
    await script.was_silent.wait()
    waiter.cancel()
    await asyncio.gather(waiter, return_exceptions=True)
    assert await tokens.get() == "token-2"


async def test_a_token_is_renewed_five_minutes_ahead_of_its_end(
    tokens: TokenSource, clock: Clock
) -> None:
    assert await tokens.get() == "token-1"
    clock.now += timedelta(seconds=14_399 - 301)
    assert await tokens.get() == "token-1"
    clock.now += timedelta(seconds=1)
    assert await tokens.get() == "token-2"


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [
        *(("14399", 14_000), (60, 29), (None, 14_000), ("soon", 14_000), (-1, 14_000)),
        *((1_764_486_000_000, 14_000), (14_399_000, 14_000), ("1e400", 14_000)),
        *((0, 14_000), ("NaN", 14_000), ("-Infinity", 14_000), (True, 14_000)),
        *(([], 14_000), (1, 29), (1e-300, 29), ("0.5", 29)),
    ],
)
async def test_the_lifetime_of_a_token_is_read_in_every_spelling(
    tokens: TokenSource,
    script: Script,
    clock: Clock,
    expires_in: object,
    good_for: int,
) -> None:
    script.tokens = [token_reply("first", expires_in=expires_in)]
    assert await tokens.get() == "first"
    clock.now += timedelta(seconds=good_for)
    assert await tokens.get() == "first"
    clock.now += timedelta(seconds=500)
    assert await tokens.get() == "token-2"


async def test_a_lifetime_that_is_not_given_is_four_hours(
    tokens: TokenSource, script: Script, clock: Clock
) -> None:
    script.tokens = [Reply(body=b'{"access_token":"first"}')]
    assert await tokens.get() == "first"
    clock.now += timedelta(seconds=14_000)
    assert await tokens.get() == "first"
    clock.now += timedelta(seconds=500)
    assert await tokens.get() == "token-2"


async def test_the_refusal_of_an_old_token_keeps_the_new_one(
    tokens: TokenSource, script: Script
) -> None:
    first = await tokens.get()
    tokens.invalidate(first)
    second = await tokens.get()
    tokens.invalidate(first)
    assert await tokens.get() == second
    assert len(script.token_calls) == 2


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=401, body=OKTA_REFUSAL), AdictAuthenticationError),
        (Reply(status=400, body=OKTA_REFUSAL), AdictAuthenticationError),
        (Reply(status=403, body=OKTA_REFUSAL), AdictAuthenticationError),
        (Reply(status=401), AdictAuthenticationError),
        (Reply(status=400, body=b"<html>no</html>"), AdictBadAnswerError),
        (Reply(status=404), AdictBadAnswerError),
        (Reply(status=302, headers={"Location": "/x"}), AdictBadAnswerError),
        (Reply(status=429, headers={"Retry-After": "7"}), AdictQuotaError),
        (Reply(status=408), AdictUnavailableError),
        (Reply(status=500), AdictUnavailableError),
        (Reply(body=b"<html>welcome</html>"), AdictBadAnswerError),
        (Reply(body=b"[1]"), AdictBadAnswerError),
        (Reply(body=OKTA_REFUSAL), AdictAuthenticationError),
        (Reply(body=b'{"error":"temporarily_unavailable"}'), AdictBadAnswerError),
        (Reply(body=b'{"access_token":""}'), AdictBadAnswerError),
        (Reply(body=b'{"access_token":"a\\r\\nb"}'), AdictBadAnswerError),
        (Reply(body=b'{"access_token":"%s"}' % (b"a" * 9_000)), AdictBadAnswerError),
        (Reply(body=b" " * 70_000 + b'{"access_token":"t"}'), AdictBadAnswerError),
        (Reply(body=b'{"access', cut=True), AdictUnavailableError),
    ],
)
async def test_what_the_token_server_refuses_has_its_class(
    tokens: TokenSource, script: Script, reply: Reply, kind: type[AdictError]
) -> None:
    script.tokens = [reply]
    with pytest.raises(AdictError) as caught:
        await tokens.get()
    assert type(caught.value) is kind
    assert await tokens.get() == "token-2"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (OKTA_REFUSAL, "invalid_client", "Bad client secret."),
        (
            b'{"errorCode":"E0000022","errorSummary":"No such endpoint"}',
            "E0000022",
            "No such endpoint",
        ),
        (
            b'{"error":"invalid_client","error_description":"id-of-tests: no"}',
            "invalid_client",
            "…: no",
        ),
    ],
)
async def test_okta_s_message_is_kept_without_the_credentials(
    tokens: TokenSource, script: Script, body: bytes, code: str, message: str
) -> None:
    script.tokens = [Reply(status=400, body=body)]
    with pytest.raises(AdictAuthenticationError) as caught:
        await tokens.get()
    assert (caught.value.code, caught.value.message) == (code, message)
    assert caught.value.status == 400


async def test_all_callers_that_wait_for_a_token_get_its_error(
    tokens: TokenSource, script: Script
) -> None:
    script.tokens = [Reply(status=401, body=OKTA_REFUSAL)]
    found = await asyncio.gather(
        *(tokens.get() for _ in range(3)), return_exceptions=True
    )
    assert {type(each) for each in found} == {AdictAuthenticationError}
    assert len(script.token_calls) == 1


async def test_a_token_server_that_fails_briefly_is_asked_again(
    client: AdictClient, script: Script, quota: Quota
) -> None:
    script.tokens = [Reply(status=503), Reply(status=500)]
    await client.authenticate()
    assert len(script.token_calls) == 3
    assert quota.calls_today == 0


async def test_a_token_server_that_cannot_be_reached_is_unavailable(
    http: ClientSession, endpoints: Endpoints, clock: Clock, quota: Quota
) -> None:
    nowhere = Endpoints(endpoints.api, URL("http://127.0.0.1:9/token"), "/adict/v2")
    client = AdictClient(
        http,
        nowhere,
        client_id="id-of-tests",
        client_secret="secret-of-tests",
        quota=quota,
        clock=clock,
        sleep=clock.sleep,
    )
    with pytest.raises(AdictUnavailableError):
        await client.authenticate()
