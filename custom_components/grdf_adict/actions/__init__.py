"""What automations and scripts call."""
