"""Tests of the metering floor."""
