"""A plain caller of the sandbox, for the sandbox's own tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from typing import Any, Final

from aiohttp import ClientSession, FormData

from .gate import BASES
from .server import Served, serve
from .world import Sandbox

type Wire = dict[str, Any]

DECLARATION: Final[Wire] = {
    "role_tiers": "AUTORISE_CONTRAT_FOURNITURE",
    "nom_titulaire": "MME CAMILLE EXEMPLE",
    "code_postal": "98999",
    "courriel_titulaire": "camille@example.com",
    "numero_telephone_mobile_titulaire": "0600000000",
    "date_debut_droit_acces": "2026-11-20",
    "date_fin_droit_acces": "2029-11-20",
    "perim_donnees_conso_debut": "2021-11-20",
    "perim_donnees_conso_fin": "2029-11-20",
    "perim_donnees_contractuelles": "Vrai",
    "perim_donnees_techniques": "Vrai",
    "perim_donnees_informatives": "Vrai",
    "perim_donnees_publiees": "Vrai",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status and the objects of the body, in order."""

    status: int
    objects: list[Wire]
    text: str

    @property
    def one(self) -> Wire:
        """Return the only object."""
        (found,) = self.objects
        return found

    @property
    def code(self) -> str | None:
        """Return the functional code of the last object."""
        last = self.objects[-1]
        return (last.get("statut_restitution") or {}).get("code") or last.get(
            "code_statut_traitement"
        )

    @property
    def consumptions(self) -> list[Wire]:
        """Return the `consommation` of each block."""
        return [block["consommation"] for block in self.objects]


@dataclass(slots=True)
class Visitor:
    """Calls with a token of its own, unless told otherwise."""

    http: ClientSession
    served: Served
    header: str | None = None

    async def token(self, **changes: str) -> Reply:
        """Ask for a token; keyword arguments replace form fields."""
        form = {
            "grant_type": "client_credentials",
            "client_id": "demo",
            "client_secret": "demo-secret",
            "scope": BASES[1],
        }
        async with self.http.post(self.served.token_url, data=form | changes) as found:
            return Reply(found.status, objects := [await found.json()], str(objects))

    async def log_in(self) -> None:
        """Take a token for the calls to come."""
        self.header = f"Bearer {(await self.token()).one['access_token']}"

    async def get(self, path: str, base: str = BASES[1], **query: str) -> Reply:
        """Call the API under a base."""
        return await self.call("GET", path, base, params=query)

    async def call(
        self, method: str, path: str, base: str = BASES[1], **options: Any
    ) -> Reply:
        """Call the API with any method; options are aiohttp's."""
        headers = {} if self.header is None else {"Authorization": self.header}
        url = f"{self.served.root_url}{base}{path}"
        async with self.http.request(method, url, headers=headers, **options) as found:
            text = await found.text()
            return Reply(found.status, objects_of(text), text)

    async def declare(self, pce: str, **changes: object) -> Reply:
        """Declare a right on a PCE of the fleet; None leaves a field out."""
        body = DECLARATION | changes
        kept = {name: value for name, value in body.items() if value is not None}
        return await self.call("PUT", f"/pce/{pce}/droit_acces", json=kept)

    async def find_rights(self, **filters: object) -> list[Wire]:
        """Ask for the rights that pass filters."""
        reply = await self.call("POST", "/droits_acces", json=filters)
        return reply.objects[:-1]

    async def send_proofs(
        self, right_id: str, *files: tuple[str, bytes], part: str = "preuves"
    ) -> Reply:
        """Send proofs: their names and contents."""
        form = FormData()
        for name, content in files:
            form.add_field(part, content, filename=name)
        return await self.call("PUT", f"/droit_acces/{right_id}/preuves", data=form)

    async def published(self, pce: str, **query: str) -> Reply:
        """Ask for published consumption."""
        return await self.get(f"/pce/{pce}/donnees_consos_publiees", **query)

    async def informative(self, pce: str, **query: str) -> Reply:
        """Ask for informative consumption."""
        return await self.get(f"/pce/{pce}/donnees_consos_informatives", **query)

    async def own(self, path: str) -> Wire:
        """Ask one of the sandbox's own addresses."""
        async with self.http.get(f"{self.served.root_url}/_sandbox/{path}") as found:
            body = await found.json()
            assert isinstance(body, dict)
            return body


@asynccontextmanager
async def visiting(sandbox: Sandbox) -> AsyncIterator[Visitor]:
    """Serve a sandbox and visit it, with a token; its journal starts empty."""
    async with serve(sandbox) as served, ClientSession() as http:
        visitor = Visitor(http, served)
        await visitor.log_in()
        sandbox.reset_calls()
        yield visitor


def objects_of(text: str) -> list[Wire]:
    """Read the objects of a stream, whatever stands between them."""
    decoder = json.JSONDecoder()
    found = []
    place = text.find("{")
    while place >= 0:
        item, end = decoder.raw_decode(text, place)
        found.append(item)
        place = text.find("{", end)
    return found
