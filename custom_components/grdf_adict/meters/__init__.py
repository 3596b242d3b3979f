"""One meter or a group of meters: its data, its calls, its rows."""
