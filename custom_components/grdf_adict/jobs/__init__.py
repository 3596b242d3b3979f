"""A fleet's tasks: planned, run, reported."""
