"""Meters that change hands, are deleted or erased; the way back from GRDF's site."""
