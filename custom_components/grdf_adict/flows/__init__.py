"""The forms that people fill in, by subject."""
