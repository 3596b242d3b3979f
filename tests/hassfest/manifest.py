"""The shape of a custom integration's `manifest.json`, without discovery."""

from typing import Any, Final
from urllib.parse import urlparse

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy as Strategy
from awesomeversion.exceptions import AwesomeVersionException
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

_FIRST: Final = ["domain", "name"]
_VERSIONS: Final = [
    *(Strategy.CALVER, Strategy.SEMVER, Strategy.SIMPLEVER),
    *(Strategy.BUILDVER, Strategy.PEP440),
]
_IOT_CLASSES: Final = (
    "assumed_state calculated cloud_polling cloud_push local_polling local_push"
)


def _address(value: Any) -> str:
    address = urlparse(str(value))
    if address.scheme != "https" or not address.netloc:
        raise vol.Invalid("not an https address")
    if address.netloc == "www.home-assistant.io":
        raise vol.Invalid("a page about a core integration")
    return str(value)


def _version(value: Any) -> str:
    try:
        AwesomeVersion(value, ensure_strategy=_VERSIONS)
    except AwesomeVersionException as err:
        raise vol.Invalid("not a version") from err
    return str(value)


def _in_order(manifest: dict[str, Any]) -> dict[str, Any]:
    if list(manifest) != _FIRST + sorted(manifest.keys() - set(_FIRST)):
        raise vol.Invalid("domain, name, then the other keys by the alphabet")
    before, after = (
        set(manifest.get(key, ())) for key in ("dependencies", "after_dependencies")
    )
    if before & after:
        raise vol.Invalid("both in dependencies and in after_dependencies")
    return manifest


_KEYS: Final = {
    vol.Required("domain"): cv.slug,
    vol.Required("name"): str,
    vol.Required("codeowners"): [vol.Match(r"^@")],
    vol.Required("documentation"): _address,
    vol.Required("iot_class"): vol.In(_IOT_CLASSES.split()),
    vol.Required("version"): _version,
    vol.Optional("after_dependencies"): [str],
    vol.Optional("config_flow"): bool,
    vol.Optional("dependencies"): [str],
    vol.Optional("import_executor"): bool,
    vol.Optional("integration_type"): vol.In(("device", "helper", "hub", "service")),
    vol.Optional("issue_tracker"): _address,
    vol.Optional("loggers"): [str],
    vol.Optional("quality_scale"): vol.In(("bronze", "silver", "gold", "platinum")),
    vol.Optional("requirements"): [vol.Match(r"^[\w.\[\]-]+==[\w.]+$")],
    vol.Optional("single_config_entry"): bool,
}

MANIFEST: Final = vol.Schema(vol.All(_KEYS, _in_order))
