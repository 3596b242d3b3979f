"""The two programs of a demo, as they are started."""

import sys

from .folder import CHECKOUT, Folder
from .processes import Child
from .witness import CREDENTIALS


def sandbox_of(folder: Folder) -> Child:
    """Return the process of the folder's sandbox."""
    client_id, client_secret = CREDENTIALS
    command = (
        *(sys.executable, "-m", "tests.sandbox"),
        *("--port", str(folder.ports.sandbox), "--quota"),
        *("--client-id", client_id, "--client-secret", client_secret),
    )
    return Child("the sandbox", command, CHECKOUT, folder.sandbox_log)


def home_of(folder: Folder) -> Child:
    """Return the process of the folder's Home Assistant."""
    # Without --skip-pip it would install, at each start, what a few of its built-in
    # integrations want and the demo does not.
    command = (
        *(sys.executable, "-m", "homeassistant", "--skip-pip"),
        *("--config", str(folder.config)),
    )
    return Child("Home Assistant", command, folder.config, folder.home_log)
