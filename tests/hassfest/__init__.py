"""What hassfest requires of an integration's files, as far as it concerns this one.

hassfest is in Home Assistant's repository but in no package, so only the continuous
integration runs it. These schemas say the same before a change is pushed. Where it is
lenient with custom integrations, they require what it requires of core.
"""

from .forms import ACTIONS, CONDITIONS, TRIGGERS, each_field
from .icons import ICONS
from .manifest import MANIFEST
from .translations import TRANSLATIONS

__all__ = [
    "ACTIONS",
    "CONDITIONS",
    "ICONS",
    "MANIFEST",
    "TRANSLATIONS",
    "TRIGGERS",
    "each_field",
]
