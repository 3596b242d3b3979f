"""Where GRDF's API lives."""

from dataclasses import dataclass
from typing import Final

from yarl import URL

_TOKEN: Final = URL(
    "https://adict-connexion.grdf.fr/oauth2/aus5y2ta2uEHjCWIR417/v1/token"
)
_AUTHORIZE: Final = URL(
    "https://sofit-sso-oidc.grdf.fr/openam/oauth2/realms/externeGrdf/authorize"
)
_NOT_GIVEN: Final = URL()


@dataclass(frozen=True)
class Endpoints:
    """The addresses of one environment, and what it calls things.

    Attributes:
        api: the base of all calls.
        token: gives the access token.
        scope: what that token is for.
        injections: the resource of published injections (API notes §3).
        authorize: where a customer is sent to consent (Client Connect, §10).
        connect_token: where the code that comes back is exchanged; the address of
            `token` unless given.
    """

    api: URL
    token: URL
    scope: str
    injections: str = "donnees_injections_publiees"
    authorize: URL = _AUTHORIZE
    connect_token: URL = _NOT_GIVEN

    def __post_init__(self) -> None:
        """Exchange codes where tokens come from, unless told otherwise."""
        if not self.connect_token:
            object.__setattr__(self, "connect_token", self.token)


PRODUCTION: Final = Endpoints(
    api=URL("https://api.grdf.fr/adict/v2"), token=_TOKEN, scope="/adict/v2"
)
SANDBOX: Final = Endpoints(
    api=URL("https://api.grdf.fr/adict/bas/v6"),
    token=_TOKEN,
    scope="/adict/bas/v6",
    injections="donnees_injection_publiees",
)
