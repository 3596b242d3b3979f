"""A meter's rows and their metadata in the recorder."""
