"""Names that several modules of the integration share."""

from enum import StrEnum
import logging
from typing import Final

from .adict import PRODUCTION, SANDBOX, Endpoints

DOMAIN: Final = "grdf_adict"
LOGGER: Final = logging.getLogger(__package__)

SUBENTRY_TYPE_GROUP: Final = "group"
SUBENTRY_TYPE_METER: Final = "meter"

CONF_ABOVE: Final = "above"
CONF_ADDRESSES: Final = "addresses"
CONF_API_URL: Final = "api_url"
CONF_AUTHORIZE_URL: Final = "authorize_url"
CONF_CALLS_PER_DAY: Final = "calls_per_day"
CONF_ENVIRONMENT: Final = "environment"
CONF_FOLDER: Final = "folder"
CONF_METERS: Final = "meters"
CONF_OUTDOOR: Final = "outdoor"
CONF_PCE: Final = "pce"
CONF_SERIES: Final = "series"
CONF_TOKEN_URL: Final = "token_url"  # noqa: S105 - an address, not a token


class GrdfEnvironment(StrEnum):
    """Which of GRDF's worlds a contract lives in."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


ENDPOINTS: Final[dict[GrdfEnvironment, Endpoints]] = {
    GrdfEnvironment.PRODUCTION: PRODUCTION,
    GrdfEnvironment.SANDBOX: SANDBOX,
}
