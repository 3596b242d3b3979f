"""The redirect from another site to Home Assistant, as for its OAuth logins."""

from typing import TYPE_CHECKING, Final, override

from homeassistant.helpers.network import get_url

from .internals import Internal

if TYPE_CHECKING:
    from homeassistant.helpers.config_entry_oauth2_flow import (
        AUTH_CALLBACK_PATH,
        LocalOAuth2Implementation,
        async_get_redirect_uri,
    )
else:
    AUTH_CALLBACK_PATH, LocalOAuth2Implementation, async_get_redirect_uri = (
        Internal.REDIRECT.load()
    )

HAS_REDIRECT: Final = not Internal.REDIRECT.missing


class Redirect(LocalOAuth2Implementation):
    """The redirect address, and a signed state."""

    @property
    @override
    def redirect_uri(self) -> str:
        """The redirect address.

        Raises:
            NoURLAvailableError: this Home Assistant has no address.
        """
        try:
            return async_get_redirect_uri(self.hass)
        except RuntimeError:
            # Started by a script: there is no browser whose address could be used.
            return f"{get_url(self.hass, prefer_external=True)}{AUTH_CALLBACK_PATH}"
