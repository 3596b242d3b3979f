"""Bad weather on the way to GRDF: a share of the calls fails, each in its way."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from .faults import PAGE, Fault, Lie

# What a body says of a failure, by who wrote it (API notes §2, §7).
BODIES: Final = {
    "okta": '{"errorCode": "E0000009", "errorSummary": "Internal Server Error"}',
    "grdf": '{"code_statut_traitement": "2000000001",'
    ' "message_retour_traitement": "Erreur technique"}',
    "html": PAGE,
    "empty": "",
}
# GRDF's statuses other than success (API notes §7).
STATUSES: Final = (400, 401, 403, 404, 409, 429, 500, 503, 504)


def status_with(status: int, body: str) -> Fault:
    """Return the fault of a status with one of the bodies."""
    kind = "text/html" if body == "html" else "application/json"
    return Fault(http_status=status, body=BODIES[body], content_type=kind)


class Storm:
    """Lets a share of the calls fail; the same seed brings the same weather.

    Only what passes by itself: what a person must see to would never clear up.
    """

    def __init__(self, seed: int, share: float = 0.5) -> None:
        """Begin; `share` is that of the calls which fail, from 0 to 1."""
        self._roll = Random(f"storm/{seed}")  # noqa: S311 - plays fate, not secrets
        self._share = share
        self.met: list[tuple[str, str]] = []

    def next_fault(self, path: str) -> Fault | None:
        """Return how the call of a path fails; None: it does not."""
        if self._roll.random() >= self._share:
            return None
        name = self._roll.choice(sorted(_KINDS))
        self.met.append((name, path))
        return _KINDS[name](self._roll)


def _any_of(statuses: Sequence[int]) -> Callable[[Random], Fault]:
    return lambda roll: status_with(roll.choice(statuses), roll.choice(sorted(BODIES)))


_KINDS: Final[dict[str, Callable[[Random], Fault]]] = {
    "status": _any_of((500, 503, 504)),
    "quota": lambda _: Fault.status(429),
    "page": lambda _: Fault.html(),
    "reset": lambda _: Fault.reset(),
    "cut": lambda roll: Fault.cut(roll.randrange(40)),
    "cut at a byte": lambda roll: Fault.cut_at(roll.randrange(20_000)),
    "malformed": lambda roll: Fault.malformed(roll.randrange(40)),
    "partial error": lambda roll: Fault.partial_error(roll.randrange(40)),
    "no gzip": lambda _: Fault.compressed(Lie.PLAIN),
    "cut gzip": lambda _: Fault.compressed(Lie.CUT),
}
