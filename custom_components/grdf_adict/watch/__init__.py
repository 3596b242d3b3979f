"""From a meter's condition to its repairs."""
