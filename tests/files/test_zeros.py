"""Zeros of days whose qualification somebody has removed."""

from custom_components.grdf_adict.files import Problem

from .common import PCE, read, table, warned

INDEXED = ("Date", "Index début", "Index fin", "Volume (m3)", "Energie (kWh)")
TITLE = ("N° PCE :", PCE)


def test_a_zero_without_an_index_among_days_that_have_one_is_absent() -> None:
    rows = [(f"{day}/01/2021", 100, 101, 1, 11) for day in range(10, 13)]
    real, absent = ("13/01/2021", 101, 101, 0, 0), ("14/01/2021", None, None, 0, 0)

    file = read(table(*rows, real, absent, header=INDEXED, above=[TITLE]))

    assert [row.energy for row in file.meters[0].rows] == [11, 11, 11, 0, None]
    assert warned(file, Problem.ABSENT_DATA).rows == (7,)


def test_zeros_of_which_nothing_is_known_are_told() -> None:
    rows = [("10/01/2021", 11), ("11/01/2021", 0)]

    file = read(table(*rows, header=("Date", "Energie (kWh)"), above=[TITLE]))

    assert [row.energy for row in file.meters[0].rows] == [11, 0]
    assert warned(file, Problem.ZEROS_DOUBTED).rows == (4,)
