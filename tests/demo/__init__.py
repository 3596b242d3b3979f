"""A Home Assistant with gas in its Energy dashboard, started by a script."""
