"""The client: one method for each of GRDF's calls."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from aiohttp import ClientSession, ClientTimeout

from .answer import Answer, Intake, Status, only, read_status
from .declaration import (
    Declaration,
    InvalidDeclarationError,
    check_declaration,
    declaration_body,
    personal_texts,
)
from .endpoints import Endpoints
from .errors import NO_RIGHT, AdictError
from .grant import DeclaredRight, read_declared_right
from .models.access_right import AccessRight, read_access_right
from .models.consumption import Consumption, read_consumption, read_injection
from .models.contract import ContractData, ContractField, read_contract_data
from .models.technical import TechnicalData, read_technical_data
from .models.wire import PARIS, JsonObject
from .observed import Observer
from .pce import parse_pce, parse_right_id
from .period import (
    INFORMATIVE_YEARS,
    PUBLISHED_YEARS,
    InvalidPeriodError,
    Period,
    check_period,
    period_query,
)
from .proofs import InvalidProofError, Proof, check_proofs, opened
from .quota import Quota
from .request import Request, json_body
from .rights_filter import (
    InvalidFilterError,
    RightsFilter,
    check_filter,
    filter_body,
)
from .token import TokenSource
from .transport import TIMEOUT, Transport
from .waiting import PROMPT, Priority

# A contract of the highest tier holds over 50,000 PCE (deck, quotas), some with several
# rights.
_MOST_RIGHTS: Final = 500_000


class AdictClient:
    """GRDF's ADICT API for one contract.

    Every call takes a turn of the quota, and is tried again when GRDF is briefly
    unavailable. `place` is the call's place in the waiting line; a PCE may have any
    spelling. Each call may raise:
        AdictAuthenticationError: the client id or secret is refused.
        AdictAccessRightError: no right to the data; as AdictContractOverError, the
            ADICT contract is over.
        AdictQuotaError: the allowance is used up, or GRDF answered 429; as
            AdictDeferredError, the call is patient and gave way to others.
        AdictUnavailableError: GRDF could not be reached or failed, several times.
        AdictBadAnswerError: GRDF's answer cannot be understood.
        AdictBadRequestError: GRDF refuses the request; an `Invalid…Error` is raised
            before a call is spent.
    """

    def __init__(
        self,
        session: ClientSession,
        endpoints: Endpoints,
        *,
        client_id: str,
        client_secret: str,
        quota: Quota,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timeout: ClientTimeout = TIMEOUT,
    ) -> None:
        """Create a client; no call is made yet.

        Args:
            session: the caller closes it.
            endpoints: the environment.
            client_id: the contract's.
            client_secret: the contract's.
            quota: shared by all that use the contract.
            clock: the time now, aware.
            sleep: waits that many seconds between tries.
            timeout: limits the time without data, not the whole answer.
        """
        self._clock = clock
        self._injections = endpoints.injections
        self._tokens: Final = TokenSource(
            session,
            endpoints,
            client_id=client_id,
            client_secret=client_secret,
            clock=clock,
        )
        self._transport: Final = Transport(
            session,
            endpoints.api,
            tokens=self._tokens,
            quota=quota,
            sleep=sleep,
            timeout=timeout,
        )

    @property
    def has_token(self) -> bool:
        """Whether a token is held that need not be renewed yet."""
        return self._tokens.is_held

    def observe(self, observer: Observer | None) -> None:
        """Give each exchange with GRDF to an observer from now on; None: to nobody."""
        self._tokens.observer = self._transport.observer = observer

    async def authenticate(self) -> None:
        """Fetch a token, unless one is held (Récupérer un Access Token)."""
        await self._transport.authenticate()

    # Access rights

    async def access_rights(self, *, place: Priority = PROMPT) -> Answer[AccessRight]:
        """Return every right of the contract (Consulter mes droits d'accès)."""
        return await self._rights(Request(path=("droits_acces",)), place)

    async def find_access_rights(
        self, filters: RightsFilter, *, place: Priority = PROMPT
    ) -> Answer[AccessRight]:
        """Return the rights that match a filter (… droits d'accès spécifiques).

        Raises:
            InvalidFilterError: over 1,000 PCE, or a value `UNKNOWN`.
        """
        if problems := check_filter(filters):
            raise InvalidFilterError(problems)
        if not (body := filter_body(filters)):
            return await self.access_rights(place=place)
        request = Request(method="POST", path=("droits_acces",), body=json_body(body))
        return await self._rights(request, place)

    async def declare_access_right(
        self, pce: str, declaration: Declaration, *, place: Priority = PROMPT
    ) -> DeclaredRight:
        """Declare a customer's consent, or renew a right (Déclarer un droit d'accès).

        GRDF writes to the customer, and may grant less than was declared: compare with
        `differences`.

        Raises:
            InvalidDeclarationError: a rule is broken.
            AdictAlreadyExistsError: such a right exists.
            AdictUncertainError: GRDF may have taken the declaration.
        """
        if problems := check_declaration(pce, declaration, self._today()):
            raise InvalidDeclarationError(problems)
        parsed = parse_pce(pce)
        request = Request(
            method="PUT",
            path=("pce", parsed, "droit_acces"),
            body=json_body(declaration_body(declaration)),
            # A second one means a second mail to the customer, or "already exists" for
            # a right that is ours.
            repeatable=False,
        )
        try:
            return only(
                await self._transport.send(
                    request,
                    lambda: Intake(
                        read_declared_right,
                        content="id_pce",
                        belongs=lambda item: item.right.pce == parsed,
                    ),
                    place=place,
                )
            )
        except AdictError as err:
            err.hide(personal_texts(declaration))
            raise

    async def revoke_access_right(
        self, right_id: str, *, place: Priority = PROMPT
    ) -> Status:
        """End a right for good (Révoquer un droit d'accès).

        A second revocation changes nothing. Where the answer to the first was lost,
        GRDF may then answer that there is no such right.

        Raises:
            InvalidRightIdError: this is no id of a right.
        """
        request = Request(
            method="PATCH",
            path=("droit_acces", parse_right_id(right_id)),
            body=json_body({}),
        )
        return await self._status(request, place)

    async def send_proofs(
        self, right_id: str, proofs: Sequence[Proof], *, place: Priority = PROMPT
    ) -> Status:
        """Send the proofs of a consent that GRDF controls (Transmettre preuves).

        The files are read from disk while they are sent.

        Raises:
            InvalidRightIdError: this is no id of a right.
            InvalidProofError: a file is refused.
            AdictUncertainError: GRDF may have taken the proofs.
        """
        path = ("droit_acces", parse_right_id(right_id), "preuves")
        if problems := await asyncio.to_thread(check_proofs, proofs):
            raise InvalidProofError(problems)
        request = Request(
            method="PUT",
            path=path,
            body=partial(opened, proofs),
            # A right takes three proofs in all: the same ones again would use them up.
            repeatable=False,
        )
        return await self._status(request, place)

    # Data. GRDF may add the day before a period; an invalid one raises
    # InvalidPeriodError.

    async def published_consumption(
        self, pce: str, period: Period, *, place: Priority = PROMPT
    ) -> Answer[Consumption]:
        """Return the blocks that bills rest on (Consulter consommations publiées).

        The period reaches back five years at most.
        """
        return await self._blocks(
            pce, "donnees_consos_publiees", period, PUBLISHED_YEARS, place=place
        )

    async def informative_consumption(
        self, pce: str, period: Period, *, place: Priority = PROMPT
    ) -> Answer[Consumption]:
        """Return daily blocks of 1M and MM (Consulter consommations informatives).

        The period reaches back three years at most.
        """
        return await self._blocks(
            pce, "donnees_consos_informatives", period, INFORMATIVE_YEARS, place=place
        )

    async def published_injections(
        self, pce: str, period: Period, *, place: Priority = PROMPT
    ) -> Answer[Consumption]:
        """Return what a producer injected (Consulter injections publiées).

        The period reaches back five years at most.
        """
        return await self._blocks(
            pce,
            self._injections,
            period,
            PUBLISHED_YEARS,
            read=read_injection,
            content="injection",
            place=place,
        )

    async def technical_data(
        self, pce: str, *, place: Priority = PROMPT
    ) -> TechnicalData:
        """Return the meter and its address (Consulter données techniques)."""
        name = "donnees_techniques"
        return only(
            await self._of_pce(
                pce, name, (), read_technical_data, content=name, place=place
            )
        )

    async def contract_data(
        self,
        pce: str,
        fields: Collection[ContractField] = (),
        *,
        place: Priority = PROMPT,
    ) -> ContractData:
        """Return contractual data (Consulter données contractuelles).

        Of the fields given only, or of all where none is given.
        """
        name = "donnees_contractuelles"
        query = tuple(("filtre", each) for each in ContractField if each in fields)
        return only(
            await self._of_pce(
                pce, name, query, read_contract_data, content=name, place=place
            )
        )

    def _today(self) -> date:
        return self._clock().astimezone(PARIS).date()

    async def _rights(self, request: Request, place: Priority) -> Answer[AccessRight]:
        return await self._transport.send(
            request,
            # GRDF answers "no such right" where a list is empty.
            lambda: Intake(
                read_access_right, content="id_pce", nothing=NO_RIGHT, most=_MOST_RIGHTS
            ),
            place=place,
        )

    async def _status(self, request: Request, place: Priority) -> Status:
        return only(
            await self._transport.send(
                request,
                lambda: Intake(read_status, content="code_statut_traitement"),
                place=place,
            )
        )

    async def _blocks(
        self,
        pce: str,
        resource: str,
        period: Period,
        years: int,
        *,
        read: Callable[[JsonObject], Consumption] = read_consumption,
        content: str = "consommation",
        place: Priority,
    ) -> Answer[Consumption]:
        if problem := check_period(period, self._today(), years=years):
            raise InvalidPeriodError(problem)
        return await self._of_pce(
            pce, resource, period_query(period), read, content=content, place=place
        )

    async def _of_pce[T: Consumption | TechnicalData | ContractData](
        self,
        pce: str,
        resource: str,
        query: tuple[tuple[str, str], ...],
        read: Callable[[JsonObject], T],
        *,
        content: str,
        place: Priority,
    ) -> Answer[T]:
        parsed = parse_pce(pce)
        return await self._transport.send(
            Request(path=("pce", parsed, resource), query=query),
            lambda: Intake(
                read, content=content, belongs=lambda item: item.pce == parsed
            ),
            place=place,
        )
