"""Input that nobody meant: every reader answers, or refuses in its own words."""
