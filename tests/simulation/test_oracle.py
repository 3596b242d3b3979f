"""The oracle itself, against figures worked out by hand."""

from datetime import UTC, date, datetime, timedelta

from tests.sandbox import Answer, Block, Frequency, Perimeter

from .oracle import Oracle

FIRST = date(2026, 10, 24)
DAY = timedelta(days=1)


def block(start: int, days: int, kwh: int | None, word: str = "Mesuré") -> Block:
    """Return a block that starts some days after the first."""
    return Block(
        start=FIRST + start * DAY,
        end=FIRST + (start + days) * DAY,
        kwh=kwh,
        m3=None if kwh is None else kwh // 10,
        index_start=None,
        index_end=None,
        coefficient=None,
        qualification=word if kwh is not None else "Absence de Données",
        frequency=Frequency.MONTHLY,
    )


def answer(*blocks: Block, family: Perimeter, is_whole: bool = True) -> Answer:
    return Answer(
        at=datetime(2026, 11, 20, tzinfo=UTC),
        pce="09999999900001",
        family=family,
        blocks=blocks,
        is_whole=is_whole,
    )


def energies(oracle: Oracle) -> list[int | None]:
    """Return the watt-hours of each day."""
    return [row.amounts and row.amounts.energy for row in oracle.rows()]


def test_a_block_leaves_equal_shares_to_its_days_without_a_value() -> None:
    oracle = Oracle()
    oracle.hear(answer(block(1, 1, 30), family=Perimeter.INFORMATIVE))

    oracle.hear(answer(block(0, 4, 40), family=Perimeter.PUBLISHED))

    assert energies(oracle) == [3334, 30_000, 3333, 3333]
    assert oracle.rows()[-1].so_far.energy == 40_000


def test_a_block_smaller_than_its_days_leaves_zeros() -> None:
    oracle = Oracle()
    oracle.hear(answer(block(0, 1, 50), family=Perimeter.INFORMATIVE))

    oracle.hear(answer(block(0, 2, 40), family=Perimeter.PUBLISHED))

    assert energies(oracle) == [50_000, 0]


def test_an_informative_day_beats_a_published_one() -> None:
    oracle = Oracle()
    oracle.hear(answer(block(0, 1, 7), family=Perimeter.INFORMATIVE))

    oracle.hear(answer(block(0, 1, 9), family=Perimeter.PUBLISHED))

    assert energies(oracle) == [7000]


def test_of_overlapping_blocks_the_corrected_one_goes_first() -> None:
    oracle = Oracle()

    oracle.hear(
        answer(
            block(0, 3, 30),
            block(1, 2, 8, "Corrigé"),
            family=Perimeter.PUBLISHED,
        )
    )

    assert energies(oracle) == [22_000, 4000, 4000]


def test_a_block_that_is_told_in_two_parts_is_dropped() -> None:
    oracle = Oracle()
    oracle.hear(answer(block(0, 4, 40, "Corrigé"), family=Perimeter.PUBLISHED))

    oracle.hear(answer(block(0, 2, 2), block(2, 2, 6), family=Perimeter.PUBLISHED))

    assert energies(oracle) == [1000, 1000, 3000, 3000]


def test_absence_is_believed_of_a_whole_answer_only() -> None:
    oracle = Oracle()
    oracle.hear(answer(block(0, 1, 7), block(1, 1, 8), family=Perimeter.INFORMATIVE))
    absence = block(1, 1, None)

    oracle.hear(answer(absence, family=Perimeter.INFORMATIVE, is_whole=False))
    assert energies(oracle) == [7000, 8000]

    oracle.hear(answer(absence, family=Perimeter.INFORMATIVE))
    assert energies(oracle) == [7000, None]


def test_a_day_that_an_answer_does_not_tell_stays() -> None:
    oracle = Oracle()
    oracle.hear(answer(block(0, 1, 7), block(1, 1, 8), family=Perimeter.INFORMATIVE))

    oracle.hear(answer(block(2, 1, 9), family=Perimeter.INFORMATIVE))

    assert energies(oracle) == [7000, 8000, 9000]
