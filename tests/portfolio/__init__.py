"""Thousands of meters on one contract: cadence and quota alone, on a fake clock."""
