"""Today in France: the date by which rights, calls and periods are judged."""

from datetime import date

from homeassistant.util import dt as dt_util

from ..metering import paris_date


def paris_today() -> date:
    """Return the date that it is now in Europe/Paris."""
    return paris_date(dt_util.utcnow())
