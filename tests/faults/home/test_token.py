"""The token: it ends early, is refused, or comes with an error instead."""

from datetime import timedelta
from typing import Final

from tests.sandbox import Fault

from .ordeal import Ordeal, Seen

_SECRET: Final = Seen("secret_refused", "invalid_auth", asks_secret=True)
_NONSENSE: Final = Seen("grdf_away", "bad_answer")


async def test_a_token_that_ends_between_two_calls_is_replaced(ordeal: Ordeal) -> None:
    await ordeal.next_evening()
    ordeal.clock.tick(timedelta(days=1))
    await ordeal.entry.runtime_data.account.async_refresh()
    ordeal.sandbox.reset_calls()
    ordeal.sandbox.tokens.expire()

    (meter,) = ordeal.entry.runtime_data.meters.values()
    await meter.async_refresh()
    await ordeal.hass.async_block_till_done(wait_background_tasks=True)

    assert [call.status for call in ordeal.sandbox.calls][:2] == [401, 200]
    assert len(ordeal.sandbox.token_calls) == 1
    await ordeal.is_whole()


async def test_a_new_token_that_is_refused_once_is_replaced_once(
    ordeal: Ordeal,
) -> None:
    ordeal.sandbox.fail_next(None, Fault.status(401))

    await ordeal.next_evening()

    await ordeal.is_whole()


async def test_a_token_server_that_is_down_is_asked_again(ordeal: Ordeal) -> None:
    ordeal.forget_token()
    seen = await ordeal.fails(Fault.status(503), "token")
    assert seen == Seen("grdf_away", "cannot_connect")
    await ordeal.heals()


async def test_an_error_under_the_status_of_success_is_asked_again(
    ordeal: Ordeal,
) -> None:
    ordeal.forget_token()
    error = '{"error": "temporarily_unavailable", "error_description": "Non."}'
    assert await ordeal.fails(Fault.status(200, error), "token") == _NONSENSE
    await ordeal.heals()


async def test_a_client_refused_under_the_status_of_success_asks_for_the_secret(
    ordeal: Ordeal,
) -> None:
    ordeal.forget_token()
    error = '{"error": "invalid_client", "error_description": "Non."}'
    assert await ordeal.fails(Fault.status(200, error), "token") == _SECRET
    await ordeal.heals()


async def test_a_secret_refused_by_mistake_is_not_asked_for_any_more(
    ordeal: Ordeal,
) -> None:
    ordeal.forget_token()
    error = '{"error": "invalid_client", "error_description": "Non."}'
    assert await ordeal.fails(Fault.status(401, error), "token") == _SECRET
    # Nobody types anything: GRDF takes the same secret again.
    await ordeal.heals()


async def test_a_page_instead_of_a_token_is_asked_again(ordeal: Ordeal) -> None:
    ordeal.forget_token()
    assert await ordeal.fails(Fault.html(), "token") == _NONSENSE
    await ordeal.heals()
