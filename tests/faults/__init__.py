"""What can go wrong, one test each: docs/reliability.md tells it in words."""
