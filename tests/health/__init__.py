"""Tests of the health of meters: one verdict."""
