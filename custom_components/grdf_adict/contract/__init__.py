"""A contract with GRDF: its rights, its quota, its client."""
