"""Home Assistant killed at any moment: no row may differ, no call be forgotten."""
