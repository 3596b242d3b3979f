"""Zeros of a daily file that may be absent data.

GRDF writes 0 for those, too (API notes §9). The qualification tells them apart. Where
somebody has removed it, the index does: of a day that was read it is there, of one that
was not it is blank.
"""

from dataclasses import replace

from ..adict import Qualification
from ..metering import ExportedRow
from .errors import Problem
from .periods import Problems


def with_absent_zeros(rows: list[ExportedRow]) -> tuple[list[ExportedRow], Problems]:
    """Return one meter's rows of days with the zeros absent that are known to be.

    Those of which nothing is known stay, with a warning.
    """
    is_indexed = 2 * sum(map(_has_index, rows)) > len(rows)
    doubtful = [
        row
        for row in rows
        if row.energy == 0
        and row.qualification is Qualification.UNKNOWN
        and not _has_index(row)
    ]
    if not is_indexed:
        return rows, [(Problem.ZEROS_DOUBTED, row) for row in doubtful]
    absent = {row.first for row in doubtful}
    return [
        replace(row, energy=None, volume=None, qualification=Qualification.ABSENT)
        if row.first in absent
        else row
        for row in rows
    ], [(Problem.ABSENT_DATA, row) for row in doubtful]


def _has_index(row: ExportedRow) -> bool:
    return row.index_start is not None and row.index_end is not None
