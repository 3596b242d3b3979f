"""The exceptions of this package: one tree.

The text of an exception never holds a secret, a token, a name, a mail address or a
whole PCE: only a fixed text, GRDF's code and the HTTP status. GRDF's own text is
in `message`, masked.
"""

from collections.abc import Iterable
from http import HTTPStatus
import re
from typing import ClassVar, Final, override

from .free_text import is_code, masked, reason

DONE: Final = "0000000000"
WAITING: Final = "0000000002"
NO_RIGHT: Final = "1000000001"
ALREADY_EXISTS: Final = "1000000003"
SUPPLY_OVER: Final = "1000000004"
NO_DATA: Final = "1000008"
PARTIAL_ERROR: Final = "2000100"
UNREADABLE_CODE: Final = "?"
# « Votre contrat GRDF ADICT est expiré »: its code is not published (API notes §7).
_CONTRACT_OVER: Final = ("contrat", "adict", "expir")


class AdictError(Exception):
    """Anything that GRDF's API, or the way to it, refused or failed to do.

    Attributes:
        message: GRDF's own text, masked; ours where GRDF gave none.
        code: GRDF's code of 7 or 10 digits, or the error that the token server named;
            `UNREADABLE_CODE` for one that cannot be either.
        status: the HTTP status, where there was one.
        retry_after: seconds after which another try makes sense, if known.
        concerns_all: whether every call of the contract would fail alike.
    """

    concerns_all: bool = False

    def __init__(
        self,
        text: str,
        *,
        message: str | None = None,
        code: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Store the facts; only `text`, code and status appear in `str()`."""
        super().__init__(text)
        self.message = masked(message or text)
        self._is_of_grdf = bool(message)
        self.code = UNREADABLE_CODE if code and not is_code(code) else code
        self.status = status
        self.retry_after = retry_after

    @property
    def grdf_message(self) -> str | None:
        """GRDF's own text, masked; None: it gave none, or one that leads elsewhere."""
        return reason(self.message) if self._is_of_grdf else None

    @override
    def __str__(self) -> str:
        """Return the text, then the code and the status in brackets."""
        facts = [
            *([f"code {self.code}"] if self.code else []),
            *([f"HTTP {self.status}"] if self.status else []),
        ]
        text = masked(str(self.args[0]))
        return f"{text} ({', '.join(facts)})" if facts else text

    def hide(self, texts: Iterable[str]) -> None:
        """Remove from GRDF's message what was sent, should GRDF repeat it."""
        for text in sorted(filter(None, texts), key=len, reverse=True):
            self.message = re.sub(
                re.escape(text), "…", self.message, flags=re.IGNORECASE
            )


class AdictAuthenticationError(AdictError):
    """GRDF does not accept the client id and secret."""

    concerns_all = True


class AdictAccessRightError(AdictError):
    """GRDF gives no such data: no right, an ended one, or one that is too narrow."""


class AdictContractOverError(AdictAccessRightError):
    """GRDF says that the ADICT contract itself is over: it gives no data any more."""

    concerns_all = True


class AdictQuotaError(AdictError):
    """The calls of this second or of this day are used up."""

    concerns_all = True


class AdictDeferredError(AdictQuotaError):
    """A patient call gave way to more urgent ones; nothing was sent to GRDF."""


class AdictUnavailableError(AdictError):
    """GRDF cannot be reached, is too slow, or failed on its side."""


class AdictUncertainError(AdictUnavailableError):
    """GRDF failed after a request had left that must not be made twice.

    It may have taken the request: read the access rights before sending it again.
    """


class AdictBadAnswerError(AdictError):
    """GRDF's answer cannot be understood."""


class AdictEmptyAnswerError(AdictBadAnswerError):
    """GRDF's answer holds nothing at all, not even a status."""


class AdictBadRequestError(AdictError):
    """GRDF refuses the request itself; a second try changes nothing."""


class AdictAlreadyExistsError(AdictBadRequestError):
    """Such a right exists already, or waits for the customer."""


class InvalidPceError(AdictBadRequestError):
    """The text is no PCE: neither 14 digits nor GI and 6 digits."""


class InvalidRequestError[P](AdictBadRequestError):
    """A request that GRDF would refuse; `problems` are the rules that it breaks."""

    subject: ClassVar[str]

    def __init__(self, problems: tuple[P, ...]) -> None:
        """Name each kind of problem once."""
        kinds = dict.fromkeys(map(str, problems))
        super().__init__(f"{self.subject} refused: {', '.join(kinds)}")
        self.problems = problems


_REFUSED: Final[dict[str, tuple[type[AdictError], str]]] = {
    "1000000": (AdictAccessRightError, "the customer moved out"),
    "1000001": (AdictAccessRightError, "the access right has ended"),
    "1000002": (AdictAccessRightError, "there is no access right"),
    "1000009": (AdictAccessRightError, "the right lacks published data"),
    "1000010": (AdictAccessRightError, "the right lacks informative data"),
    "1000011": (AdictAccessRightError, "the proof of consent was refused"),
    "1000014": (AdictAccessRightError, "the customer revoked the access right"),
    "1000016": (AdictBadRequestError, "the end of the period lies in the future"),
    NO_RIGHT: (AdictAccessRightError, "there is no such access right"),
    ALREADY_EXISTS: (AdictAlreadyExistsError, "the access right exists already"),
    SUPPLY_OVER: (AdictAccessRightError, "the customer's gas supply contract is over"),
    "1000000005": (AdictBadRequestError, "the postcode is not the meter's"),
    "1000000006": (AdictBadRequestError, "the PCE is unknown"),
    "1000000022": (AdictBadRequestError, "the perimeter is refused"),
    "1000000024": (AdictBadRequestError, "the mail address is refused"),
    "1000000026": (AdictBadRequestError, "the holder's name is missing"),
    "1000000027": (AdictBadRequestError, "the postcode is missing"),
    "1000000028": (AdictBadRequestError, "the mail address is missing"),
    "1000000036": (AdictBadRequestError, "the postcode is malformed"),
    "1000000037": (AdictBadRequestError, "the PCE is malformed"),
    "1000000039": (AdictBadRequestError, "name and company exclude each other"),
    "2000000002": (AdictBadRequestError, "the proof's format is refused"),
    "2000000005": (AdictBadRequestError, "the proof is over 4 MB"),
    "2000000006": (AdictBadRequestError, "the role is missing"),
    "2000000009": (AdictBadRequestError, "more than 1,000 PCE were asked for"),
}
"""GRDF's refusals in both families of codes (API notes §7)."""

_STATUS: Final[dict[int, tuple[type[AdictError], str]]] = {
    HTTPStatus.UNAUTHORIZED: (AdictAuthenticationError, "GRDF refused the token"),
    HTTPStatus.FORBIDDEN: (AdictAccessRightError, "GRDF gives no access"),
    HTTPStatus.NOT_FOUND: (AdictBadRequestError, "GRDF does not know this PCE"),
    HTTPStatus.REQUEST_TIMEOUT: (AdictUnavailableError, "GRDF waited too long for us"),
    HTTPStatus.CONFLICT: (AdictBadRequestError, "GRDF sees a conflict"),
    HTTPStatus.TOO_MANY_REQUESTS: (AdictQuotaError, "GRDF says too many calls"),
}


def error_from_code(
    code: str, message: str | None = None, status: int | None = None
) -> AdictError:
    """Return the error that a functional code stands for (API notes §7)."""
    if _says_contract_over(message):
        return _contract_over(message, code, status)
    if code in _REFUSED:
        kind, text = _REFUSED[code]
    elif code.startswith("2"):
        kind, text = AdictUnavailableError, "GRDF had a technical error"
    else:
        # A refusal that is not in the list yet: its words say what it is about.
        kind, text = AdictBadRequestError, "GRDF refused the request"
    return kind(text, message=message, code=code, status=status)


def error_from_status(
    status: int,
    *,
    code: str | None = None,
    message: str | None = None,
    retry_after: float | None = None,
) -> AdictError:
    """Return the error for an HTTP status; a known functional code goes first."""
    if _says_contract_over(message):
        return _contract_over(message, code, status)
    if code in _REFUSED:
        return error_from_code(code, message, status)
    if status == HTTPStatus.CONFLICT and code == WAITING:
        kind: type[AdictError] = AdictAlreadyExistsError
        text = "a declaration waits for the customer already"
    elif status in _STATUS:
        kind, text = _STATUS[status]
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        kind, text = AdictUnavailableError, "GRDF failed on its side"
    elif status >= HTTPStatus.BAD_REQUEST:
        kind, text = AdictBadRequestError, "GRDF refused the request"
    else:
        kind, text = AdictBadAnswerError, "GRDF answered with an unexpected status"
    if not issubclass(kind, AdictQuotaError | AdictUnavailableError):
        retry_after = None
    return kind(
        text, message=message, code=code, status=status, retry_after=retry_after
    )


def _says_contract_over(message: str | None) -> bool:
    words = (message or "").casefold()
    return all(part in words for part in _CONTRACT_OVER)


def _contract_over(
    message: str | None, code: str | None, status: int | None
) -> AdictContractOverError:
    return AdictContractOverError(
        "the ADICT contract is over", message=message, code=code, status=status
    )
