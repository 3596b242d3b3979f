"""All that is stored on disk."""
