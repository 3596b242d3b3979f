"""How the sandbox answers where GRDF has been seen to answer in several ways."""

from dataclasses import dataclass, field

from .rights import Perimeter


@dataclass(slots=True)
class Switches:
    """What a test may turn on or off at any time.

    `depth` shortens, in days, how far back GRDF holds data; older dates may be asked
    for. `refuses_renewal` answers 409 to whoever declares again what is active.
    `grants_less` grants a year and no contractual nor technical data, as the deck's
    example does. `contract_over` ends the third party's own contract with GRDF. `token`
    overwrites fields of the token server's answer. `misses_days` off: no gas day is an
    `Absence de Données` by itself.
    """

    pretty: bool = False
    gives_day_before: bool = True
    refusal_status: int = 200
    wraps_rights: bool = False
    lists_cases: bool = False
    content_type: str = "application/x-ndjson"
    depth: dict[Perimeter, int] = field(default_factory=dict)
    refuses_renewal: bool = False
    grants_less: bool = False
    contract_over: bool = False
    token: dict[str, object] = field(default_factory=dict)
    misses_days: bool = True
