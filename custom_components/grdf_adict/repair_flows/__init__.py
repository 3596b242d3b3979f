"""The forms that fix a repair."""
