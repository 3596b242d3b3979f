"""The register of access rights: declared, answered, controlled, ended."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from . import life
from .blocks import Block
from .cases import case_rights
from .holdings import Holdings, TruthDay
from .mails import ASKS, CONTROLS, INFORMS, Mail, post
from .meters import Flow, Frequency
from .opening import opening_rights
from .rights import (
    ACTIVE,
    BY_THE_CUSTOMER,
    LIVING,
    PROOF_ACCEPTED,
    PROOF_AWAITED,
    PROOF_IN_REVIEW,
    PROOF_REFUSED,
    REVOKED,
    TO_RECHECK,
    TO_VALIDATE,
    Perimeter,
    Proof,
    Right,
    deciding,
    identity,
)

# GRDF writes to the people named in the third party's contract.
THIRD_PARTY_MAIL: Final = "contrat-adict@example.com"


class AlreadyExistsError(Exception):
    """The PCE has such a right already, active or waiting for its customer."""


class Consents(Holdings):
    """The meters and who may see what of them.

    Every look at the rights lets the time that has passed do its part.
    """

    def __init__(self, seed: int = 1, now: datetime | None = None) -> None:
        """Start with the fleet and its opening rights."""
        super().__init__(seed, now)
        self._rights = opening_rights(self.meters.values(), self.today)
        self.case_rights = case_rights()
        self.mails: list[Mail] = []
        self._numbers = count(1)

    @property
    def rights(self) -> list[Right]:
        """The rights as they stand now; the list itself, which tests may change."""
        life.pass_time(self._rights, self.now)
        return self._rights

    def right(self, pce: str, family: Perimeter | None = None) -> Right:
        """Return the right that decides for a PCE; KeyError where there is none.

        Without a family: of the supply roles where there is one.
        """
        found = self.deciding_right(pce, family)
        if found is None:
            raise KeyError(pce)
        return found

    def deciding_right(self, pce: str, family: Perimeter | None = None) -> Right | None:
        """Return the right that decides for a PCE: an active one, else the newest."""
        return deciding(self._all_rights, pce, family, self.today)

    def gives(self, pce: str, family: Perimeter) -> Callable[[Block], bool]:
        """Return whether any right on a PCE gives a block of a family now."""
        opening = [
            right
            for right in self._all_rights
            if right.pce == pce and right.refusal(family, self.today) is None
        ]
        return lambda block: any(
            right.covers(block.start, block.end) for right in opening
        )

    def right_of(self, right_id: str) -> Right:
        """Return the right with an id; KeyError where there is none."""
        for right in self._all_rights:
            if right.id == right_id:
                return right
        raise KeyError(right_id)

    def declare(self, wish: Right) -> Right:
        """Take in what a third party asks for; `wish` becomes the right itself.

        AlreadyExistsError where the customer has yet to answer the same, or where
        renewals are refused.
        """
        rights = self.rights
        same = [
            right.state
            for right in rights
            if (right.pce, right.role) == (wish.pce, wish.role)
        ]
        if TO_VALIDATE in same or (ACTIVE in same and self.switches.refuses_renewal):
            raise AlreadyExistsError(wish.pce)
        if self.switches.grants_less:
            _cut_down(wish)
        wish.id = identity(wish.pce, str(next(self._numbers)))
        rights.append(wish)
        if wish.role.startswith("DETENTEUR"):
            # The third party is the customer: nobody else is to be asked.
            life.activate(wish, rights, self.now)
        else:
            wish.state = TO_VALIDATE
            subject = INFORMS if wish.is_of_entity else ASKS
            post(self.mails, wish, wish.mail, subject, self.now)
        return wish

    def grant(self, right: Right) -> Right:
        """Open a right that the customer gave at GRDF's own place (Client Connect)."""
        rights = self.rights
        right.id = identity(right.pce, str(next(self._numbers)))
        rights.append(right)
        life.activate(right, rights, self.now)
        return right

    def answer(
        self, right_id: str, *, accepts: bool, reason: str = "", comment: str = ""
    ) -> Right:
        """Answer as the customer; ValueError where nobody waits for it.

        Where the list shows reason and comment is not documented: they follow the
        source of the refusal.
        """
        right = self._in_state(right_id, TO_VALIDATE)
        if accepts:
            life.activate(right, self.rights, self.now)
        else:
            words = ", ".join(filter(None, (life.SAID_NO, reason, comment)))
            life.refuse(right, self.now, words)
        return right

    def revoke(self, right_id: str, by: str = BY_THE_CUSTOMER) -> Right:
        """End a right by the word of either side; ValueError where it has ended."""
        right = self._in_state(right_id, *LIVING)
        right.state = REVOKED
        right.revoked = self.now
        right.revocation_source = by
        return right

    def move_out(self, pce: str) -> list[Right]:
        """Let the customer leave a PCE, and return the rights that this ends."""
        meter = self._known(pce)
        ended = [
            right for right in self.rights if right.pce == pce and right.state in LIVING
        ]
        for right in ended:
            life.end(right, self.now, life.MOVED_OUT)
        nobody = replace(meter.site, holder_name="", holder_company="", mail="")
        self.meters[pce] = replace(meter, site=nobody)
        return ended

    def move_in(
        self, pce: str, *, mail: str, name: str = "", company: str = ""
    ) -> None:
        """Place a customer on a PCE: a person's name, or a company's."""
        meter = self._known(pce)
        site = replace(meter.site, holder_name=name, holder_company=company, mail=mail)
        self.meters[pce] = replace(meter, site=site)

    def start_campaign(self, targets: Iterable[str]) -> list[Right]:
        """Ask for the proofs of rights, named by their ids or by their PCE.

        Returns those that are asked for: active, or closed by an earlier control.
        """
        wanted = set(targets)
        asked = [
            right
            for right in self.rights
            if right.state in {ACTIVE, TO_RECHECK} and {right.id, right.pce} & wanted
        ]
        for right in asked:
            right.proof_state = PROOF_AWAITED
            right.proof_deadline = life.proof_deadline(self.today)
            right.proofs.clear()
            post(self.mails, right, THIRD_PARTY_MAIL, CONTROLS, self.now)
        return asked

    def receive_proofs(self, right_id: str, proofs: Iterable[Proof]) -> Right:
        """Take in proofs; ValueError where none is asked for."""
        right = self.right_of(right_id)
        if right.proof_state not in {PROOF_AWAITED, PROOF_IN_REVIEW}:
            raise ValueError(right.proof_state)
        right.proofs.extend(proofs)
        right.proof_state = PROOF_IN_REVIEW
        return right

    def judge_proof(self, right_id: str, accepted: bool) -> Right:  # noqa: FBT001
        """Judge the proofs that came; ValueError where none has."""
        right = self.right_of(right_id)
        if right.proof_state != PROOF_IN_REVIEW:
            raise ValueError(right.proof_state)
        right.proof_state = PROOF_ACCEPTED if accepted else PROOF_REFUSED
        if right.state in {ACTIVE, TO_RECHECK}:
            right.state = ACTIVE if accepted else TO_RECHECK
        return right

    def available_days(
        self, pce: str, flow: Flow = Flow.CONSUMPTION
    ) -> dict[date, TruthDay]:
        """Return the gas days that the daily series gives now, within the right.

        The first is the oldest `date_debut` that GRDF accepts. Absent days are here
        with kWh None; delayed ones are not.
        """
        meter = self._known(pce)
        informative = flow is Flow.CONSUMPTION and meter.frequency.is_informative
        family = Perimeter.INFORMATIVE if informative else _published_family(flow)
        oldest = self.oldest(family)
        given = self.gives(pce, family)
        blocks = (
            self.informative(pce, oldest) if informative else self.published(pce, flow)
        )
        found: dict[date, TruthDay] = {}
        for block in blocks:
            daily = informative or block.frequency is Frequency.DAILY
            if daily and block.start >= oldest and given(block):
                found[block.start] = _truth_day(block)
        return found

    def available_published(
        self, pce: str, flow: Flow = Flow.CONSUMPTION
    ) -> list[Block]:
        """Return the published blocks that the API gives now, within the right."""
        family = _published_family(flow)
        given = self.gives(pce, family)
        oldest = self.oldest(family)
        return [
            block
            for block in self.published(pce, flow)
            if block.end > oldest and given(block)
        ]

    @property
    def _all_rights(self) -> list[Right]:
        return [*self.rights, *self.case_rights]

    def _in_state(self, right_id: str, *states: str) -> Right:
        right = self.right_of(right_id)
        if right.state not in states:
            raise ValueError(right.state)
        return right


def _published_family(flow: Flow) -> Perimeter:
    consumed = flow is Flow.CONSUMPTION
    return Perimeter.PUBLISHED if consumed else Perimeter.INJECTION


def _cut_down(right: Right) -> None:
    right.end = min(right.end, right.start + timedelta(days=365))
    right.contractual = right.technical = False


def _truth_day(block: Block) -> TruthDay:
    coefficient = block.coefficient
    if block.pta is not None and block.pcs is not None:
        coefficient = round(block.pta * block.pcs, 2)
    return TruthDay(
        gas_day=block.start,
        kwh=block.kwh,
        m3=block.m3,
        coefficient=coefficient,
        is_final=block.status == "Définitive",
    )
