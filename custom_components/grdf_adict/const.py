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
CONF_BUILDING: Final = "building"
CONF_CALLS_PER_DAY: Final = "calls_per_day"
CONF_ENVIRONMENT: Final = "environment"
CONF_ERASE_WITH_ENTRY: Final = "erase_with_entry"
CONF_FOLDER: Final = "folder"
CONF_METERS: Final = "meters"
CONF_OUTDOOR: Final = "outdoor"
CONF_PCE: Final = "pce"
CONF_SERIES: Final = "series"
CONF_TOKEN_URL: Final = "token_url"  # noqa: S105 - an address, not a token


class GrdfEnvironment(StrEnum):
    """The environment of a contract."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


ENDPOINTS: Final[dict[GrdfEnvironment, Endpoints]] = {
    GrdfEnvironment.PRODUCTION: PRODUCTION,
    GrdfEnvironment.SANDBOX: SANDBOX,
}


class Issue(StrEnum):
    """The repairs; the values are also the keys of their texts."""

    CONTRACT_OVER = "contract_over"
    CONTRACT_SHARED = "contract_shared"
    CURRENCY_CHANGED = "currency_changed"
    DATA_LATE = "data_late"
    EARLIER_ROWS = "earlier_rows"
    EARLIER_ROWS_COVERED = "earlier_rows_covered"
    ENERGY_COST_MISSING = "energy_cost_missing"
    ENERGY_COUNTED_TWICE = "energy_counted_twice"
    ENERGY_NOT_SHOWN = "energy_not_shown"
    FILES_END = "files_end"
    FILES_FAILED = "files_failed"
    FILES_STUCK = "files_stuck"
    GAS_REFUSED = "gas_refused"
    GROUP_MEMBER_ENDED = "group_member_ended"
    GROUP_TOO_SMALL = "group_too_small"
    LEFTOVERS = "leftovers"
    METER_DELETED = "meter_deleted"
    METER_FAILING = "meter_failing"
    NEW_HOLDER = "new_holder"
    NEW_RIGHTS = "new_rights"
    NO_ACCESS_RIGHT = "no_access_right"
    NO_INFORMATIVE_DATA = "no_informative_data"
    NO_PUBLISHED_DATA = "no_published_data"
    OUTDOOR_LOST = "outdoor_lost"
    PRICE_DOUBTED = "price_doubted"
    PRICE_ENTITY_LOST = "price_entity_lost"
    PROOF_AWAITED = "proof_awaited"
    PROOF_REFUSED = "proof_refused"
    RIGHT_ENDED = "right_ended"
    RIGHT_ENDS_SOON = "right_ends_soon"
    RIGHT_OBSOLETE = "right_obsolete"
    RIGHT_OPENS_NO_GAS = "right_opens_no_gas"
    RIGHT_REFUSED = "right_refused"
    RIGHT_REVOKED = "right_revoked"
    RIGHT_UNANSWERED = "right_unanswered"
    STORAGE_UNREADABLE = "storage_unreadable"
    SUPPLY_OVER = "supply_over"
    VALUES_REFUSED = "values_refused"
    WITHDRAWAL_WITHHELD = "withdrawal_withheld"
    WRITE_FAILED = "write_failed"
