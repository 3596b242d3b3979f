"""The way back from another site: Home Assistant's own, made for its OAuth logins."""

from typing import override

from homeassistant.helpers.config_entry_oauth2_flow import (
    AUTH_CALLBACK_PATH,
    LocalOAuth2Implementation,
    async_get_redirect_uri,
)
from homeassistant.helpers.network import get_url


class Redirect(LocalOAuth2Implementation):
    """The address to come back to, and a signed state."""

    @property
    @override
    def redirect_uri(self) -> str:
        """The address to come back to.

        Raises:
            NoURLAvailableError: this Home Assistant knows no address of its own.
        """
        try:
            return async_get_redirect_uri(self.hass)
        except RuntimeError:
            # Started by a script: there is no browser whose address could be taken.
            return f"{get_url(self.hass, prefer_external=True)}{AUTH_CALLBACK_PATH}"
