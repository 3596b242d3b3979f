"""Where GRDF's API lives."""

from dataclasses import dataclass
from typing import Final

from yarl import URL

_TOKEN: Final = URL(
    "https://adict-connexion.grdf.fr/oauth2/aus5y2ta2uEHjCWIR417/v1/token"
)


@dataclass(frozen=True)
class Endpoints:
    """The addresses of one environment, and the scope that its tokens need."""

    api: URL
    token: URL
    scope: str


PRODUCTION: Final = Endpoints(
    api=URL("https://api.grdf.fr/adict/v2"), token=_TOKEN, scope="/adict/v2"
)
SANDBOX: Final = Endpoints(
    api=URL("https://api.grdf.fr/adict/bas/v6"), token=_TOKEN, scope="/adict/bas/v6"
)
