"""Tests of the adict floor."""
