"""Tests of the integration floor."""
