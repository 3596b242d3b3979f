"""The price of each gas day, and what it costs."""
