"""The client: one method for each of GRDF's calls."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Final

from aiohttp import ClientSession, ClientTimeout

from .answer import Answer, Intake, only
from .endpoints import Endpoints
from .errors import AdictBadRequestError
from .line import PROMPT, Place
from .models import AccessRight, Consumption, ContractData, TechnicalData
from .models.access_right import read_access_right
from .models.consumption import read_consumption
from .models.contract import read_contract_data
from .models.technical import read_technical_data
from .models.wire import JsonObject
from .pce import parse_pce
from .quota import Quota
from .token import TokenSource
from .transport import SILENCE, Transport


class AdictClient:
    """GRDF's ADICT API for one contract.

    Every call takes its turn of the quota, and tries again by itself when GRDF is
    briefly unavailable. A call's `place` is where it stands among those that wait.
    Each may raise:
        AdictAuthenticationError: the client id or secret is refused.
        AdictAccessRightError: no right to the data, or the ADICT contract is over.
        AdictQuotaError: the allowance is used up, or GRDF said 429; as
            AdictDeferredError, the call is patient and others are not.
        AdictUnavailableError: GRDF could not be reached or failed, several times.
        AdictBadAnswerError: GRDF's answer cannot be understood.
        AdictBadRequestError: GRDF refuses the request; `InvalidPceError` comes before
            a call is spent.
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
        timeout: ClientTimeout = SILENCE,
    ) -> None:
        """Keep what calls need; nothing is asked of GRDF yet.

        Args:
            session: carries the calls; its owner closes it.
            endpoints: the environment.
            client_id: GRDF's name for the contract.
            client_secret: what proves it.
            quota: shared by all that use the contract.
            clock: the time now, aware of its zone.
            sleep: waits that many seconds between tries.
            timeout: bounds the silence that a call bears, never a whole answer.
        """
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

    async def authenticate(self) -> None:
        """Fetch a token, unless one is held (Récupérer un Access Token)."""
        await self._transport.authenticate()

    async def access_rights(self) -> Answer[AccessRight]:
        """Return every right of the contract (Consulter mes droits d'accès)."""
        return await self._transport.get(
            ("droits_acces",),
            {},
            lambda: Intake(read_access_right, content="id_pce"),
            place=PROMPT,
        )

    async def published_consumption(
        self, pce: str, start: date, end: date, *, place: Place = PROMPT
    ) -> Answer[Consumption]:
        """Return the blocks that bills rest on (Consulter consommations publiées).

        Args:
            pce: the metering point.
            start: the first gas day, at most five years ago; the day before may come
                along.
            end: after `start`, today at the latest.
            place: in the line.
        """
        return await self._consumption(
            pce, "donnees_consos_publiees", start, end, place=place
        )

    async def informative_consumption(
        self, pce: str, start: date, end: date, *, place: Place = PROMPT
    ) -> Answer[Consumption]:
        """Return daily blocks of 1M and MM (Consulter consommations informatives).

        Args:
            pce: the metering point.
            start: the first gas day, at most three years ago; the day before may come
                along.
            end: after `start`, today at the latest.
            place: in the line.
        """
        return await self._consumption(
            pce, "donnees_consos_informatives", start, end, place=place
        )

    async def technical_data(self, pce: str, *, place: Place = PROMPT) -> TechnicalData:
        """Return the meter and its address (Consulter données techniques)."""
        return only(
            await self._of_pce(
                pce,
                "donnees_techniques",
                {},
                read_technical_data,
                content="donnees_techniques",
                place=place,
            )
        )

    async def contract_data(self, pce: str, *, place: Place = PROMPT) -> ContractData:
        """Return the contract's facts (Consulter données contractuelles)."""
        return only(
            await self._of_pce(
                pce,
                "donnees_contractuelles",
                {},
                read_contract_data,
                content="donnees_contractuelles",
                place=place,
            )
        )

    async def _consumption(
        self, pce: str, resource: str, start: date, end: date, *, place: Place
    ) -> Answer[Consumption]:
        if start >= end:
            raise AdictBadRequestError("the period ends before it begins")
        query = {"date_debut": start.isoformat(), "date_fin": end.isoformat()}
        return await self._of_pce(
            pce,
            resource,
            query,
            read_consumption,
            content="consommation",
            place=place,
        )

    async def _of_pce[T: Consumption | TechnicalData | ContractData](
        self,
        pce: str,
        resource: str,
        query: dict[str, str],
        read: Callable[[JsonObject], T],
        *,
        content: str,
        place: Place,
    ) -> Answer[T]:
        asked = parse_pce(pce)
        return await self._transport.get(
            ("pce", asked, resource),
            query,
            lambda: Intake(
                read, content=content, belongs=lambda item: item.pce == asked
            ),
            place=place,
        )
