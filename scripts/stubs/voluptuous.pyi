from probatio import *  # noqa: F403 - Home Assistant runs probatio under this name
