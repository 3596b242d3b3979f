"""Tests of the GRDF ADICT integration."""
