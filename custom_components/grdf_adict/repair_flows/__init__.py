"""The forms that mend a repair."""
