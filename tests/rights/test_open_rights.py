"""What the rights on one PCE give together, on a date."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from custom_components.grdf_adict.adict import (
    AccessRight,
    AccessRightState,
    ProofState,
    Role,
)
from custom_components.grdf_adict.metering.schedule import DataFamily, Span
from custom_components.grdf_adict.rights import MeterRights, deciding
from custom_components.grdf_adict.rights.right import meter_rights

PCE: Final = "09999999900001"
TODAY: Final = date(2026, 11, 20)
FIRST, LAST = date(2024, 1, 1), date(2027, 1, 1)


def _right(day: int, **fields: Any) -> AccessRight:
    known: dict[str, Any] = {
        "id": f"right-{day}",
        "role": Role.SUPPLY_AUTHORISED,
        "state": AccessRightState.ACTIVE,
        "created": datetime(2026, 1, day, tzinfo=UTC),
        "end": LAST,
        "consumption_from": FIRST,
        "consumption_to": LAST,
    }
    return AccessRight(pce=PCE, **(known | fields))


def _rights(*rights: AccessRight, known: MeterRights | None = None) -> MeterRights:
    before = {} if known is None else {PCE: known}
    return meter_rights(rights, TODAY, before)[PCE]


def _spans(rights: MeterRights) -> dict[DataFamily, Span]:
    return dict(rights.perimeter(TODAY).spans)


def test_each_family_has_the_dates_of_the_rights_that_cover_it() -> None:
    later = date(2026, 1, 1)
    rights = _rights(
        _right(1, informative=False, technical=False, consumption_to=date(2030, 1, 1)),
        _right(2, published=False, technical=False, consumption_from=later),
    )

    assert _spans(rights) == {
        DataFamily.INFORMATIVE: Span(later, LAST),
        DataFamily.PUBLISHED: Span(FIRST, date(2030, 1, 1)),
        DataFamily.CONTRACT: Span(FIRST, date(2030, 1, 1)),
    }


def test_a_right_without_bounds_leaves_none() -> None:
    rights = _rights(_right(1), _right(2, consumption_from=None, consumption_to=None))

    assert _spans(rights)[DataFamily.PUBLISHED] == Span(None, None)


def test_only_open_rights_on_the_same_way_of_the_gas_count() -> None:
    past, future = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    narrow = {"informative": False, "consumption_from": date(2026, 1, 1)}
    rights = _rights(
        _right(9, **narrow),
        _right(1, end=past),
        _right(2, state=AccessRightState.REVOKED),
        _right(3, state=AccessRightState.TO_VALIDATE),
        _right(4, start=future),
        _right(
            5,
            role=Role.INJECTION_AUTHORISED,
            technical=False,
            contractual=False,
            injection_from=FIRST,
        ),
    )

    assert _spans(rights) == {
        DataFamily.PUBLISHED: Span(date(2026, 1, 1), LAST),
        DataFamily.CONTRACT: Span(date(2026, 1, 1), LAST),
        DataFamily.TECHNICAL: Span(date(2026, 1, 1), LAST),
        DataFamily.INJECTIONS: Span(FIRST, None),
    }
    # The one that begins tomorrow opens by itself.
    opened = rights.perimeter(future).spans
    assert opened[DataFamily.INFORMATIVE] == Span(FIRST, LAST)


def test_the_order_of_the_list_changes_nothing_and_a_second_right_does() -> None:
    one, two, three = _right(1), _right(2), _right(3)

    rights = _rights(one, two, three)
    assert rights == _rights(three, one, two)
    assert rights.main is not None
    assert rights.main.id == "right-3"
    assert deciding(rights) != deciding(_rights(two, three))
    changed = _right(1, end=date(2026, 12, 1))
    assert deciding(rights) != deciding(_rights(changed, two, three))


def test_the_deadline_of_a_proof_is_counted_from_the_day_it_was_first_seen() -> None:
    awaited = _right(1, proof_state=ProofState.AWAITED)
    first = meter_rights([awaited], date(2026, 11, 6))[PCE]
    assert first.main is not None
    # Twenty days, Monday to Friday; 11 November is a public holiday.
    assert first.main.proof_due == date(2026, 12, 7)

    again = _rights(awaited, known=first)
    assert again.main is not None
    assert again.main.proof_due == date(2026, 12, 7)
    sent = _rights(_right(1, proof_state=ProofState.UNDER_REVIEW), known=again)
    assert sent.main is not None
    assert sent.main.proof_due is None
    anew = _rights(awaited, known=sent)
    assert anew.main is not None
    assert anew.main.proof_due == date(2026, 12, 18)
