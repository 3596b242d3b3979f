"""A contract with GRDF: its rights read once a day, its quota, its client."""
