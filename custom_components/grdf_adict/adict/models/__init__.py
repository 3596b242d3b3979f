"""GRDF's data as frozen dataclasses: lenient in form, strict in sense."""
