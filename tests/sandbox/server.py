"""The sandbox on a port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ssl import SSLContext

from aiohttp import web

from . import actions, authorise, own, page, register, routes
from .authorise import AUTHORISE_PATH
from .gate import BASES, SANDBOX, TOKEN_PATH, gate, journal
from .oauth import token
from .world import Sandbox

# A hanging answer must not hold the end of a test.
_PATIENCE = 0.1


@dataclass(frozen=True, slots=True)
class Served:
    """Where a sandbox answers."""

    root_url: str

    @property
    def api_url(self) -> str:
        """The API's base, as the real sandbox spells it."""
        return self.root_url + BASES[1]

    @property
    def token_url(self) -> str:
        """The token address."""
        return self.root_url + TOKEN_PATH

    @property
    def authorise_url(self) -> str:
        """Where a customer is sent to give a consent (Client Connect)."""
        return self.root_url + AUTHORISE_PATH


@asynccontextmanager
async def serve(
    sandbox: Sandbox,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    tls: SSLContext | None = None,
) -> AsyncIterator[Served]:
    """Serve a sandbox over HTTP; port 0 takes any. OSError if the port is taken.

    With `tls` it answers over HTTPS, by the name of localhost.
    """
    runner = web.AppRunner(
        build_app(sandbox),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=_PATIENCE,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=tls)
        await site.start()
        base = f"http://{host}" if tls is None else "https://localhost"
        yield Served(f"{base}:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


def build_app(sandbox: Sandbox) -> web.Application:
    """Return the application that answers for a sandbox."""
    app = web.Application(middlewares=[actions.guard, journal, gate])
    app[SANDBOX] = sandbox
    app.router.add_post(TOKEN_PATH, token)
    routes.add_routes(app)
    register.add_routes(app)
    own.add_routes(app)
    authorise.add_routes(app)
    page.add_routes(app)
    actions.add_routes(app)
    return app
