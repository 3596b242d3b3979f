"""Today in France: the date that rights, calls and periods depend on."""

from datetime import date

from homeassistant.util import dt as dt_util

from ..metering import paris_date


def paris_today() -> date:
    """Return today's date in Europe/Paris."""
    return paris_date(dt_util.utcnow())
