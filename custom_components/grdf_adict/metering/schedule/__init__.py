"""When calls are due."""
