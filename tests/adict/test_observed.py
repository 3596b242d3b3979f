"""What an observer of the client is given of each exchange with GRDF."""

from dataclasses import fields

import pytest

from custom_components.grdf_adict.adict import (
    AdictAuthenticationError,
    AdictBadRequestError,
    AdictClient,
    AdictUnavailableError,
    Exchange,
    observed,
)

from .conftest import Reply, Script
from .payloads import PCE
from .test_transport import GOOD, ask

PATH = ("pce", PCE, "donnees_consos_informatives")


@pytest.fixture
def seen(client: AdictClient) -> list[Exchange]:
    """What an observer of the client was given."""
    exchanges: list[Exchange] = []

    async def see(exchange: Exchange) -> None:
        exchanges.append(exchange)

    client.observe(see)
    return exchanges


async def test_each_try_is_seen_as_it_came(
    client: AdictClient, script: Script, seen: list[Exchange]
) -> None:
    refused = Reply(status=503, body=b"Maintenance", headers={"Retry-After": "1"})
    torn = Reply(body=GOOD.body[:50], cut=True)
    script.replies = [refused, torn, GOOD]

    await ask(client)

    token, first, second, third = seen
    assert (token.method, token.path, token.status) == ("POST", ("token",), 200)
    assert {each.path for each in seen[1:]} == {PATH}
    assert third.query == (("date_debut", "2026-08-01"), ("date_fin", "2026-09-01"))
    assert (first.status, first.body, first.is_cut) == (503, b"Maintenance", False)
    assert first.headers["Retry-After"] == "1"
    assert (second.status, second.body, second.is_cut) == (200, GOOD.body[:50], True)
    assert (third.status, third.body, third.is_cut) == (200, GOOD.body, False)
    assert third.size == len(GOOD.body)


async def test_an_exchange_without_an_answer_is_seen(
    client: AdictClient, script: Script, seen: list[Exchange]
) -> None:
    # aiohttp repeats a request on a connection that it held open.
    script.replies = [Reply(dropped=True)] * 10

    with pytest.raises(AdictUnavailableError):
        await ask(client)

    assert [each.status for each in seen] == [200, None, None, None]


async def test_a_cut_refusal_is_seen_as_cut(
    client: AdictClient, script: Script, seen: list[Exchange]
) -> None:
    script.replies = [Reply(status=400, body=b"not all", cut=True)]

    with pytest.raises(AdictBadRequestError):
        await ask(client)

    assert (seen[-1].status, seen[-1].is_cut) == (400, True)


async def test_no_secret_and_no_token_is_seen(
    client: AdictClient, script: Script, seen: list[Exchange]
) -> None:
    script.tokens = [
        Reply(status=401, body=b'{"error": "id-of-tests", "x": "secret-of-tests"}')
    ]
    with pytest.raises(AdictAuthenticationError):
        await ask(client)
    script.replies = [GOOD]
    await ask(client)

    facts = "".join(
        str(getattr(each, field.name)) for each in seen for field in fields(each)
    )
    assert [each.status for each in seen] == [401, 200, 200]
    assert b"access_token" in seen[1].body
    for secret in ("token-2", "id-of-tests", "secret-of-tests", "Bearer", "14399"):
        assert secret not in facts


async def test_nobody_is_given_anything_after_the_end(
    client: AdictClient, script: Script, seen: list[Exchange]
) -> None:
    client.observe(None)
    script.replies = [GOOD]

    await ask(client)

    assert seen == []


async def test_of_a_long_answer_the_first_part_is_kept(
    client: AdictClient,
    script: Script,
    seen: list[Exchange],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(observed, "MOST_KEPT", 100)
    script.replies = [GOOD]

    answer = await ask(client)

    assert answer.complete
    assert (seen[-1].body, seen[-1].size) == (GOOD.body[:100], len(GOOD.body))
