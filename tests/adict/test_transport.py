"""Tries, waits and refusals on the way to GRDF."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
import traceback
from typing import override

import pytest

from custom_components.grdf_adict.adict import (
    AdictAccessRightError,
    AdictAuthenticationError,
    AdictBadAnswerError,
    AdictBadRequestError,
    AdictClient,
    AdictError,
    AdictQuotaError,
    AdictUnavailableError,
    Allowance,
    Answer,
    Consumption,
    DateRange,
    Quota,
    transport,
)
from custom_components.grdf_adict.adict.stream import (
    LARGEST_OBJECT,
    Event,
    ObjectSplitter,
)

from .conftest import Clock, Reply, Script
from .payloads import PCE, line, payload

PERIOD = DateRange(date(2026, 8, 1), date(2026, 9, 1))
GOOD = Reply(body=line(payload("informative")))
CODE = b'{"code_statut_traitement":"%s","message_retour_traitement":"Non"}'


async def ask(client: AdictClient) -> Answer[Consumption]:
    return await client.informative_consumption(PCE, PERIOD)


@pytest.mark.parametrize(
    "failure",
    [
        Reply(status=500),
        Reply(status=503, body=b"<html>Maintenance</html>"),
        Reply(status=504, body=CODE % b"2000000001"),
        Reply(silent=True),
        Reply(cut=True),
        Reply(dropped=True),
        Reply(body=GOOD.body[:50], cut=True),
        Reply(body=GOOD.body[:50]),
        Reply(status=503, body=b"not all", cut=True),
    ],
)
async def test_a_passing_failure_is_tried_again(
    client: AdictClient, script: Script, quota: Quota, failure: Reply
) -> None:
    script.replies = [failure, failure, GOOD]
    answer = await ask(client)
    assert (len(answer.items), answer.complete) == (1, True)
    assert quota.calls_today == len(script.calls) == 3


async def test_tries_wait_longer_each_time_and_never_the_same(
    client: AdictClient, script: Script, clock: Clock
) -> None:
    waits = []
    for _ in range(5):
        clock.slept.clear()
        script.replies = [Reply(status=500), Reply(status=500), GOOD]
        await ask(client)
        waits.append(tuple(clock.slept))
    assert all(1 <= first <= 3 and 4 <= second <= 12 for first, second in waits)
    assert len(set(waits)) > 1


async def test_after_three_tries_grdf_is_unavailable(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(status=503, headers={"Retry-After": "2"})] * 3
    with pytest.raises(AdictUnavailableError) as caught:
        await ask(client)
    assert (caught.value.status, caught.value.retry_after) == (503, 2)
    assert len(script.calls) == 3


async def test_a_short_retry_after_is_waited_for(
    client: AdictClient, script: Script, clock: Clock
) -> None:
    script.replies = [Reply(status=503, headers={"Retry-After": "50"}), GOOD]
    await ask(client)
    assert clock.slept == [50]


async def test_a_long_retry_after_ends_the_tries(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(status=503, headers={"Retry-After": "3600"})]
    with pytest.raises(AdictUnavailableError) as caught:
        await ask(client)
    assert caught.value.retry_after == 3600


@pytest.mark.parametrize("cut", [True, False])
async def test_a_stream_cut_half_way_keeps_its_objects_and_is_not_tried_again(
    client: AdictClient, script: Script, *, cut: bool
) -> None:
    body = GOOD.body * 3 + GOOD.body[:100]
    script.replies = [Reply(body=body, cut=cut)]
    answer = await ask(client)
    assert (len(answer.items), answer.complete) == (3, False)
    assert len(script.calls) == 1


async def test_a_cut_between_two_objects_is_noticed(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=GOOD.body, cut=True)]
    answer = await ask(client)
    assert (len(answer.items), answer.complete) == (1, False)


async def test_an_answer_may_be_long(client: AdictClient, script: Script) -> None:
    count = 5 * LARGEST_OBJECT // len(GOOD.body)
    script.replies = [Reply(body=GOOD.body * count)]

    answer = await ask(client)

    assert (len(answer.items), answer.complete) == (count, True)


async def test_other_tasks_run_between_the_chunks_of_concurrent_answers(
    client: AdictClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0
    read_in: list[int] = []

    class Splitter(ObjectSplitter):
        @override
        def feed(self, data: bytes) -> Iterator[Event]:
            read_in.append(rounds)
            return super().feed(data)

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(transport, "ObjectSplitter", Splitter)
    monkeypatch.setattr(transport, "_CHUNK", 4 * len(GOOD.body))
    script.replies = [Reply(body=GOOD.body * 100) for _ in range(4)]
    counting = asyncio.create_task(count())

    answers = await asyncio.gather(*(ask(client) for _ in range(4)))

    counting.cancel()
    assert [len(answer.items) for answer in answers] == [100] * 4
    assert len(read_in) >= 100
    assert len(set(read_in)) == len(read_in)


async def test_an_answer_may_take_long_as_long_as_objects_come(
    client: AdictClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_OBJECT_TIMEOUT", 0.5)
    script.replies = [Reply(body=GOOD.body * 8, pauses=0.1)]

    answer = await ask(client)

    assert (len(answer.items), answer.complete) == (8, True)


async def test_an_answer_without_further_objects_is_cut(
    client: AdictClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_OBJECT_TIMEOUT", 0.3)
    script.replies = [Reply(body=GOOD.body + b"\n" * 12, pauses=0.1)]

    answer = await ask(client)

    assert (len(answer.items), answer.complete) == (1, False)


async def test_an_answer_that_goes_on_for_too_long_is_cut(
    client: AdictClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_LONGEST_ANSWER", 0.35)
    script.replies = [Reply(body=GOOD.body * 12, pauses=0.1)]

    answer = await ask(client)

    assert 0 < len(answer.items) < 12
    assert not answer.complete


async def test_an_answer_of_too_many_objects_is_cut(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(body=GOOD.body * 20_010)]

    answer = await ask(client)

    assert (len(answer.items), answer.complete) == (20_000, False)


async def test_a_status_that_does_not_come_is_given_up(
    client: AdictClient, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_LONGEST_HEADER", 0.1)
    script.replies = [Reply(silent=True)] * 3

    with pytest.raises(AdictUnavailableError, match="TimeoutError"):
        await ask(client)

    assert len(script.calls) == 3


async def test_a_call_that_failed_is_tried_once_the_next_time(
    client: AdictClient, script: Script
) -> None:
    script.replies = [*[Reply(status=500)] * 4, GOOD, *[Reply(status=500)] * 3]
    for tries in (3, 4):
        with pytest.raises(AdictUnavailableError):
            await ask(client)
        assert len(script.calls) == tries

    await ask(client)

    with pytest.raises(AdictUnavailableError):
        await ask(client)
    assert len(script.calls) == 8


async def test_a_wrong_content_encoding_is_a_failure(
    client: AdictClient, script: Script
) -> None:
    wrong = Reply(body=GOOD.body, headers={"Content-Encoding": "gzip"})
    script.replies = [wrong, wrong, wrong]
    with pytest.raises(AdictUnavailableError):
        await ask(client)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=400), AdictBadRequestError),
        (Reply(status=403), AdictAccessRightError),
        (Reply(status=404), AdictBadRequestError),
        (Reply(status=409), AdictBadRequestError),
        (Reply(status=409, body=CODE % b"1000000004"), AdictAccessRightError),
        (Reply(status=500, body=CODE % b"1000000001"), AdictAccessRightError),
        (Reply(status=301, headers={"Location": "/elsewhere"}), AdictBadAnswerError),
    ],
)
async def test_a_refusal_is_not_tried_again(
    client: AdictClient, script: Script, reply: Reply, kind: type[AdictError]
) -> None:
    script.replies = [reply]
    with pytest.raises(AdictError) as caught:
        await ask(client)
    assert type(caught.value) is kind
    assert caught.value.status == reply.status
    assert len(script.calls) == 1


async def test_a_refusal_in_another_form_keeps_its_message(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(status=400, body=b'{"message":"Jeton mal form\xc3\xa9"}')]
    with pytest.raises(AdictBadRequestError) as caught:
        await ask(client)
    assert caught.value.message == "Jeton mal formé"


async def test_a_refused_token_is_replaced_once(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(status=401), GOOD]
    assert len((await ask(client)).items) == 1
    sent = [call.headers["Authorization"] for call in script.calls]
    assert sent == ["Bearer token-1", "Bearer token-2"]


async def test_a_new_token_that_is_refused_too_is_an_authentication_error(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(status=401), Reply(status=401)]
    with pytest.raises(AdictAuthenticationError):
        await ask(client)
    assert (len(script.calls), len(script.token_calls)) == (2, 2)


async def test_a_refused_secret_costs_no_call(
    client: AdictClient, script: Script, quota: Quota
) -> None:
    script.tokens = [Reply(status=401, body=b'{"error":"invalid_client"}')]
    with pytest.raises(AdictAuthenticationError):
        await ask(client)
    assert (script.calls, quota.calls_today) == ([], 0)


async def test_a_429_is_never_followed_by_another_call(
    client: AdictClient, script: Script, quota: Quota, clock: Clock
) -> None:
    script.replies = [Reply(status=429, headers={"Retry-After": "30"}), GOOD]
    with pytest.raises(AdictQuotaError) as caught:
        await ask(client)
    assert caught.value.retry_after == 30
    assert (len(script.calls), quota.throttled_below_own_count) == (1, 1)

    await ask(client)
    assert clock.slept == [30]


async def test_a_retry_after_may_be_a_date(client: AdictClient, script: Script) -> None:
    at = datetime.now(UTC) + timedelta(seconds=90)
    headers = {"Retry-After": format_datetime(at, usegmt=True)}
    script.replies = [Reply(status=429, headers=headers)]
    with pytest.raises(AdictQuotaError) as caught:
        await ask(client)
    assert caught.value.retry_after == pytest.approx(90, abs=10)


@pytest.mark.parametrize(
    "header",
    ["999999999", format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True)],
)
async def test_no_pause_is_longer_than_a_day(
    client: AdictClient, script: Script, header: str
) -> None:
    script.replies = [Reply(status=429, headers={"Retry-After": header})]
    with pytest.raises(AdictQuotaError) as caught:
        await ask(client)
    assert caught.value.retry_after == 86_400


@pytest.mark.parametrize("header", ["", "soon", "-5", "1e9"])
async def test_an_invalid_retry_after_is_ignored(
    client: AdictClient, script: Script, header: str
) -> None:
    script.replies = [Reply(status=429, headers={"Retry-After": header})]
    with pytest.raises(AdictQuotaError) as caught:
        await ask(client)
    assert caught.value.retry_after is None


async def test_a_used_up_day_makes_no_call(
    client: AdictClient, script: Script, quota: Quota
) -> None:
    quota.allowance = Allowance(calls_per_second=1, calls_per_day=0)
    with pytest.raises(AdictQuotaError):
        await ask(client)
    assert script.calls == []


async def test_a_cancelled_call_leaves_the_next_one_free(
    client: AdictClient, script: Script
) -> None:
    script.replies = [Reply(silent=True), GOOD]
    call = asyncio.create_task(ask(client))
    await script.was_silent.wait()
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert len((await ask(client)).items) == 1


async def test_no_traceback_shows_a_secret_or_a_whole_pce(
    client: AdictClient, script: Script
) -> None:
    body = b'{"statut_restitution":{"code":"1000002","message":"%s"}}'
    secrets = (PCE, "jean@example.com", "secret-of-tests", "token-1")
    script.replies = [
        Reply(silent=True),
        Reply(silent=True),
        Reply(silent=True),
        Reply(status=403, body=body % f"{PCE} jean@example.com".encode()),
        Reply(body=body % f"{PCE} jean@example.com".encode()),
        Reply(status=401),
        Reply(status=401),
        Reply(body=b"<html>09999999900617</html>"),
    ]
    for _ in range(5):
        with pytest.raises(AdictError) as caught:
            await ask(client)
        shown = "".join(traceback.format_exception(caught.value))
        message = f"{caught.value!r} {caught.value.message}"
        # The lines of this file are part of a traceback: check its errors only.
        texts = [*(each for each in shown.splitlines() if "Error" in each), message]
        assert not [secret for secret in secrets if secret in "\n".join(texts)]
