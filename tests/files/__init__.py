"""The reading of exported files."""
