"""The addresses of GRDF's API."""

from dataclasses import dataclass
from typing import Final

from yarl import URL

_TOKEN: Final = URL(
    "https://adict-connexion.grdf.fr/oauth2/aus5y2ta2uEHjCWIR417/v1/token"
)
_AUTHORIZE: Final = URL(
    "https://sofit-sso-oidc.grdf.fr/openam/oauth2/realms/externeGrdf/authorize"
)


@dataclass(frozen=True)
class Endpoints:
    """The addresses and names of one environment.

    Attributes:
        api: the base of all calls.
        token: gives the access token, and exchanges a customer's code (§10).
        scope: of the access token.
        injections: the resource of published injections (API notes §3).
        authorize: where a customer is sent to consent (Client Connect, §10).
    """

    api: URL
    token: URL
    scope: str
    injections: str = "donnees_injections_publiees"
    authorize: URL = _AUTHORIZE


PRODUCTION: Final = Endpoints(
    api=URL("https://api.grdf.fr/adict/v2"), token=_TOKEN, scope="/adict/v2"
)
SANDBOX: Final = Endpoints(
    api=URL("https://api.grdf.fr/adict/bas/v6"),
    token=_TOKEN,
    scope="/adict/bas/v6",
    injections="donnees_injection_publiees",
)
