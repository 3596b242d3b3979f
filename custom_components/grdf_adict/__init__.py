"""GRDF ADICT for Home Assistant."""
