"""What GRDF's data mean: gas days, ledgers, series, due calls.

Pure: no Home Assistant, no HTTP, no clock of its own.
"""
