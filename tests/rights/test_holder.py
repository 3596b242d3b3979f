"""Whether a PCE has changed hands, from GRDF's list alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from custom_components.grdf_adict.adict import AccessRight, AccessRightState
from custom_components.grdf_adict.rights.holder import former_right


def _right(name: str, day: int, **fields: Any) -> AccessRight:
    return AccessRight(
        id=f"{name}-{day}",
        pce="09999999900001",
        holder_name=name,
        created=datetime(2026, 1, day, tzinfo=UTC),
        end=date(2026, 12, 31),
        **{"state": AccessRightState.ACTIVE, **fields},
    )


def _left(name: str, day: int, source: str | None = None, **fields: Any) -> AccessRight:
    return _right(
        name,
        day,
        state=AccessRightState.OBSOLETE,
        obsolete=fields.pop("obsolete", datetime(2026, 1, day + 1, tzinfo=UTC)),
        obsolete_by=source,
        **fields,
    )


NEW = _right("NOUVEAU", 20)


def test_the_last_of_several_former_customers_counts() -> None:
    first, second = _left("PREMIER", 1), _left("SECOND", 5)

    assert former_right(NEW, [second, NEW, first]) is second


@pytest.mark.parametrize(
    "other",
    [
        _left("Nouveau", 5, "Le client n'est plus titulaire de ce PCE"),
        _left("ANCIEN", 5, "Le droit d'accès a été renouvelé"),
        _left("ANCIEN", 5, "La date de fin du droit d'accès est atteinte"),
        _left("ANCIEN", 5, obsolete=datetime(2027, 1, 1, tzinfo=UTC)),
        _left("ANCIEN", 5, obsolete=None),
        _left("SUIVANT", 25),
        _right("ANCIEN", 5),
        _right("ANCIEN", 5, state=AccessRightState.REVOKED),
    ],
    ids=[
        "the same, spelt otherwise",
        "renewed",
        "ended",
        "ended by its date alone",
        "never obsolete",
        "younger",
        "still active",
        "revoked",
    ],
)
def test_other_rights_are_no_former_customers(other: AccessRight) -> None:
    assert former_right(NEW, [other, NEW]) is None


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("DUPONT JEAN", "JEAN DUPONT"),
        ("DUPONT JEAN", "M. Jean Dupont"),
        ("DUPONT JEAN-RENÉ", "Jean Rene DUPONT"),
        ("DU PONT", "DUPONT"),
        ("DUPONT JEAN", ""),
        ("DUPONT JEAN", " -"),
        ("", "DUPONT JEAN"),
    ],
)
def test_one_customer_may_be_written_in_many_ways_and_a_blank_one_is_nobody(
    name: str, left: str
) -> None:
    new = _right(name, 20)

    assert former_right(new, [_left(left, 5), new]) is None


def test_another_name_a_person_or_a_company_are_other_customers() -> None:
    person, company = (
        _left("DUPONT JEAN", 5),
        _left("", 5, holder_company="SCI EXEMPLE"),
    )
    other = _left("DUPOND JEAN", 5)

    assert former_right(_right("DUPONT JEAN", 20), [other]) is other
    assert former_right(_right("DUPONT JEAN", 20), [company]) is company
    new = _right("", 20, holder_company="EXEMPLE (SCI)")
    assert former_right(new, [person]) is person
    assert former_right(new, [company]) is None


def test_a_right_without_its_date_may_be_the_former_one() -> None:
    undated = AccessRight(
        id="undated",
        pce="09999999900001",
        holder_name="ANCIEN",
        state=AccessRightState.OBSOLETE,
        obsolete=datetime(2026, 1, 2, tzinfo=UTC),
    )

    assert former_right(NEW, [undated, NEW]) is undated
