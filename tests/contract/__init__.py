"""What the calls of a contract show of GRDF, without Home Assistant."""
