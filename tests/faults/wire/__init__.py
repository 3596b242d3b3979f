"""Faults that only show where GRDF's client speaks HTTP."""
