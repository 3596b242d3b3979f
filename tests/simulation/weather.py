"""The format of a schedule of weather: what goes wrong at GRDF, and what must be shown.

A schedule is one JSON file in `tests/simulation/schedules/`, read by `schedule_files`,
which refuses whatever is not said here (`ScheduleError`, with file, place and cause).
`"why"` may stand beside any weather or expectation, for whoever reads the file.

    {
      "name": "one house is refused in unknown words for a week",
      "first_day": "2026-10-01",
      "days": 30,
      "weather": [
        {"meter": "house_2", "call": "donnees_consos_informatives",
         "from": 5, "to": 11, "kind": "unknown_refusal"}
      ],
      "expect": [
        {"meter": "house_2", "from": 5, "to": 11,
         "must": ["refused"], "may": ["up_to_date"], "reason": "required"},
        {"meter": "house_2", "from": 13, "to": 29, "must": ["up_to_date"]}
      ]
    }

**Days** are dates in France, counted from `first_day` = 0 to `days` - 1. On day 0 the
ten meters are added and their first import is made. The *evening* of a day is 21:40 in
France: all calls of the day have been made. Weather of `"from": a, "to": b` holds from
00:00 of day a to the end of day b, both included; before and after it all is well.

**Meters**: ten, all with an active right on everything, since years. GRDF holds 330
days of published data and 200 days of informative ones. Data come on time, no day is
absent: informative days of 1M at J+3 06:00 and of MM at J+2
06:00, published days of JJ at J+1 15:00, a published month on the day after its
reading day 06:00 (MM: on the 1st, 12:00), a half-year on the 9th of April and October.

    house_1 house_2 house_3 house_4 house_5   1M, read on the 12th 3rd 7th 18th 27th
    flat                                      1M, read on the 23rd
    half_yearly                               6M, read on 8 April and 8 October
    business                                  MM
    industry                                  JJ
    farm                                      JJ, consumes and injects: two rights

`"meter": "*"` is the whole contract: weather of a call that concerns all meters
(`droits_acces`, `token`), or the same weather of each meter.

**Calls** are spelt as the last part of the API's path (API notes §3): `droits_acces`
(the list, GET), `donnees_consos_informatives`, `donnees_consos_publiees`,
`donnees_injections_publiees`, `donnees_contractuelles`, `donnees_techniques`; `token`
is the token address; `"*"` is every call of the meter's data (not the list).
A weather without `call` is of the rights' register, see the last table.
The client makes the daily calls once a day (informative, JJ published, the list), the
others about once a month, or when a publication is expected: weather of those is met
only if it is on when they are made.

**Kinds that need a `call`**, in words of the wire (API notes §3, §5, §7):

    http_500 http_503   that status, no code
    http_429            "too many", no Retry-After, though within the quota
    http_403            403, no code, no message
    pce_unknown         404, code_statut_traitement 1000000006 « Le PCE est inconnu. »
    supply_ended        409, 1000000004 « Le contrat de fourniture de gaz est échu »
    unknown_refusal     200, statut_restitution 1000077 « Vos droits sont suspendus en
                        raison d'une mauvaise utilisation »
    known_refusal       200, statut_restitution 1000002 (no right), the list unchanged
    technical_error     200, statut_restitution 2000107 « Erreur technique »
    html                200 and a web page
    empty               200 and no byte
    no_content          204
    empty_list          200 and []
    reset               the connection is reset before any byte
    cut                 the connection closes inside the eleventh object
    malformed           the sixth object is broken, the rest is whole
    partial_error       after ten objects the stream ends, with 2000100
    slow_headers        the status does not come before a client gives up
    slow_body           bytes come far too slowly to make an object in time
    endless             objects are whole, and never end
    future_day          one more informative (or published) day, 40 days ahead
    future_block        one more published block: 5 days back to 40 days ahead
    absurd_energy       `energie` of the newest object is "1e307"
    bounds_midnight     bounds of blocks at 00:00 French time, without journee_gaziere
    bounds_utc          bounds of blocks at 06:00+00:00, without journee_gaziere
    bounds_bare         bounds of blocks as bare dates, without journee_gaziere
    withheld            days that were not there on day a - 1 do not come before b + 1
    rights_empty        of `droits_acces` alone: the final status object and no right

The kinds from `future_day` to `bounds_bare` leave the rest of the answer as it is.

**Kinds of the rights' register**, without `call`, one meter (its supply right, unless
told otherwise). The list and the data calls agree, as GRDF's do:

    right_revoked       Révoquée by the customer on day a; data answer 1000014
    right_obsolete      Obsolète on day a, the customer has left; data answer 1000000
    right_expired       date_fin_droit_acces is day a - 1, Obsolète; data 1000001
    right_waiting       A valider; data answer 1000002
    right_refused       Refusée; data answer 1000002
    right_recheck       A revérifier, proof KO; data answer 1000011
    right_not_begun     date_debut_droit_acces is day b + 1; data answer 1000002
    right_missing       not in the list; data answer 1000002
    right_no_gas        published and informative are Faux; data 1000009 / 1000010
    new_holder          Obsolète, and a new Active right of another holder beside it
    right_doubled       a second Active right, newer, later and narrower, beside it
    right_blank         DETENTEUR, perimeter flags and dates all "" ; data are open
    right_sentinels     begins 0001-01-01, ends 9999-12-31, created 9999-12-31
    right_masculine     etat_droit_acces is "Actif"
    right_fields        what `"fields": {...}` says overwrites the listed object; data
                        are open

On day b + 1 the right is as it was before. A meter has one weather of the register at
a time, and one weather of a call at a time.

**Expectations** hold on each evening from `from` to `to`, for one meter or `"*"`. The
state shown is a breach where it is in `must_not`, or where `must` or `may` is given and
it is in neither. `may` is for what takes its time: on the last evening of an
expectation with `must`, the state is in `must`. `reason` is "required" (the attribute
has a text), "none" (it is None) or "any"; left out, it is "none" where the state is
up_to_date and "required" elsewhere. `reason_is` in its place is the exact text. Several
expectations on one evening all hold.

On an evening without any expectation for a meter, what follows from the kinds holds
(`verdicts.py`): a meter without weather of its own or of the contract, today or on the
two days before, shows up_to_date (from the evening of day 1 on), and one whose last
call for gas was failed or refused twice in a row does not.

**States**: secret_refused no_right waiting_for_consent new_holder not_begun right_ended
right_opens_no_gas refused polling_off quota_reached grdf_away meter_failing
recorder_away first_import waiting_for_data files_ended data_late doubted up_to_date.
Of several that would be right, the one that stands first here is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

type Reason = Literal["required", "none", "any"]

ALL: Final = "*"
METERS: Final = {
    "house_1": "09999999900001",
    "house_2": "09999999900011",
    "house_3": "09999999900012",
    "house_4": "09999999900013",
    "house_5": "09999999900014",
    "flat": "09999999900002",
    "half_yearly": "09999999900003",
    "business": "GI990021",
    "industry": "GI990042",
    "farm": "GI990084",
}
LIST: Final = "droits_acces"
TOKEN: Final = "token"
INFORMATIVE: Final = "donnees_consos_informatives"
PUBLISHED: Final = "donnees_consos_publiees"
INJECTED: Final = "donnees_injections_publiees"
GAS_CALLS: Final = (INFORMATIVE, PUBLISHED, INJECTED)
METER_CALLS: Final = (*GAS_CALLS, "donnees_contractuelles", "donnees_techniques")
STATES: Final = (
    "secret_refused",
    "no_right",
    "waiting_for_consent",
    "new_holder",
    "not_begun",
    "right_ended",
    "right_opens_no_gas",
    "refused",
    "polling_off",
    "quota_reached",
    "grdf_away",
    "meter_failing",
    "recorder_away",
    "first_import",
    "waiting_for_data",
    "files_ended",
    "data_late",
    "doubted",
    "up_to_date",
)
FAILING: Final = frozenset(
    {
        *("http_500", "http_503", "technical_error", "html", "empty", "http_429"),
        *("no_content", "empty_list", "reset", "slow_headers", "slow_body"),
    }
)
"""The call brings nothing, and may do so later."""
BROKEN: Final = frozenset({"cut", "malformed", "partial_error", "endless"})
"""A part of the answer comes."""
REFUSING: Final = frozenset(
    {"http_403", "pce_unknown", "supply_ended", "unknown_refusal", "known_refusal"}
)
"""GRDF says no."""
ODD: Final = frozenset(
    {
        *("future_day", "future_block", "absurd_energy"),
        *("bounds_midnight", "bounds_utc", "bounds_bare"),
    }
)
"""The answer is whole, and holds something strange; its other objects are right."""
WITHHELD: Final = "withheld"
RIGHTS_EMPTY: Final = "rights_empty"
CALL_KINDS: Final = FAILING | BROKEN | REFUSING | ODD | {WITHHELD, RIGHTS_EMPTY}
CLOSING: Final = frozenset(
    {
        *("right_revoked", "right_obsolete", "right_expired", "right_waiting"),
        *("right_refused", "right_recheck", "right_not_begun", "right_missing"),
        *("right_no_gas", "new_holder"),
    }
)
"""No gas comes by this right."""
HARMLESS: Final = frozenset(
    {
        *("right_doubled", "right_blank", "right_sentinels", "right_masculine"),
        "right_fields",
    }
)
"""Data are open, whatever the listed object looks like."""
RIGHT_KINDS: Final = CLOSING | HARMLESS
OF_THE_CONTRACT: Final = (LIST, TOKEN)


class ScheduleError(ValueError):
    """A schedule breaks a rule of the format; the text names file, place and cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One kind of weather from a day to another, both included.

    `meter` is a name of `METERS` or `ALL`; `call` is None for the rights' register;
    `fields` are those of `right_fields`.
    """

    meter: str
    call: str | None
    kind: str
    first: int
    last: int
    fields: Mapping[str, object] = field(default_factory=dict)

    def holds_on(self, day: int) -> bool:
        """Whether it is on, some time of a day."""
        return self.first <= day <= self.last

    def is_of(self, meter: str) -> bool:
        """Whether a meter meets it."""
        return self.meter in {ALL, meter}

    def overlaps(self, other: Spell) -> bool:
        """Whether both would decide about one call, or one right, on one day."""
        if self.last < other.first or other.last < self.first:
            return False
        meters = self.meter == other.meter or ALL in {self.meter, other.meter}
        wide = {self.call, other.call}
        of_meters = not wide.intersection({None, *OF_THE_CONTRACT})
        return meters and (self.call == other.call or (ALL in wide and of_meters))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the state of a meter may be on the evenings from a day to another."""

    meter: str
    first: int
    last: int
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()
    reason: Reason | None = None
    reason_is: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The weather of some days, and what must be shown meanwhile."""

    name: str
    first_day: date
    days: int
    weather: tuple[Spell, ...] = ()
    expected: tuple[Expected, ...] = ()
