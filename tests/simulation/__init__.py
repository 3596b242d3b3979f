"""Many days on the sandbox's clock: a real Home Assistant against a plain oracle."""
