"""Home Assistant's Energy dashboard: what it shows, and adding meters to it."""
