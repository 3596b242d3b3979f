"""Many PCE at once: a table read, what is to be done of each, how it went.

Stands on `files`, `metering` and `adict`; no Home Assistant, no HTTP, no clock.
"""
