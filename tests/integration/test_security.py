"""Who may do what, and where secrets and people's data go; docs/security.md tells."""

import ast
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
import ssl
from threading import Thread
from typing import Any, ClassVar, Final, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.grdf_adict.const import (
    CONF_ADDRESSES,
    CONF_API_URL,
    CONF_TOKEN_URL,
    DOMAIN,
)
from custom_components.grdf_adict.contract.connection import is_safe_address
from tests.sandbox import FLAT, HOUSE, PRODUCER, Fault, Sandbox, Served

from .actions import act, device_of
from .common import settle
from .conftest import AddEntry
from .markers import MARKER, Places, as_json, mark, stored
from .price_flow import choose, submit
from .right_flow import (
    CONSENT,
    DECLARE,
    add,
    forget_rights,
    meter,
    scope,
    upload,
    walk,
)

type Form = dict[str, Any]

# The test plugin puts a dictionary in its place once a test begins.
_WRITE_TO_DISK: Final = Store._async_write_data  # noqa: SLF001

INTEGRATION: Final = Path(__file__).parents[2] / "custom_components" / "grdf_adict"
# What they return, sensors and statistics show to everybody of the house anyway.
FOR_ANYBODY: Final = {
    "get_consumption": (HOUSE, {"period": "2026-11", "kind": "informative"}),
    "get_contract_data": (HOUSE, {}),
    "get_injections": (PRODUCER, {"period": "2026"}),
    "get_readings": (HOUSE, {"period": "2026"}),
}
PERSON: Final = {
    "holder_name": f"{MARKER} Exemple",
    "postcode": "98999",
    "mail": f"{MARKER}@example.com",
    "mobile": "06 98 76 54 32",
}
PERSONAL: Final = (MARKER, "98999", "698765432", "98 76 54 32", "demo-secret")


async def test_only_administrators_destroy_declare_and_see_people(
    hass: HomeAssistant, add_entry: AddEntry, hass_read_only_user: MockUser
) -> None:
    await add_entry(HOUSE)
    actions = hass.services.async_services_for_domain(DOMAIN)
    assert actions.keys() > FOR_ANYBODY.keys()

    for name in actions.keys() - FOR_ANYBODY.keys():
        call = ServiceCall(
            hass, DOMAIN, name, {}, Context(user_id=hass_read_only_user.id)
        )
        # Past the form: whoever may not call it learns nothing from its errors.
        with pytest.raises(Unauthorized):
            await cast("Coroutine[Any, Any, Any]", actions[name].job.target(call))


async def test_what_anybody_may_read_names_nobody(
    hass: HomeAssistant,
    add_entry: AddEntry,
    hass_read_only_user: MockUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await add_entry(HOUSE, PRODUCER)
    mark(monkeypatch, every=False)
    asked_for = {"delivery_tariff", "profile", "reason_label"}

    for name, (pce, data) in FOR_ANYBODY.items():
        device_id = device_of(hass, entry, pce)
        reader = Context(user_id=hass_read_only_user.id)
        response = await act(hass, name, reader, device_id=device_id, **data)
        items = next(
            (each for each in response.values() if each and isinstance(each, list)),
            [response],
        )
        said = [
            {key: value for key, value in item.items() if key not in asked_for}
            for item in items
        ]

        assert said
        assert MARKER not in as_json(said), name
        assert pce not in as_json(response)


async def test_who_is_declared_is_kept_nowhere_and_told_to_grdf_only(
    hass: HomeAssistant,
    sandbox: Sandbox,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    hass.config.config_dir = str(tmp_path)
    forget_rights(sandbox, FLAT)
    entry = await add_entry(HOUSE)
    places = Places(hass, caplog)
    result = await choose(hass, await add(hass, entry), "declare")
    forms: tuple[Form, ...] = (
        meter(),
        PERSON,
        scope(sandbox.today),
        {"checklist": CONSENT},
        {"proof_1": await upload(hass_client, f"{MARKER}.txt", MARKER.encode())},
    )
    result = await walk(hass, result, *forms)
    echo = f'{{"code_statut_traitement": "1", "message_retour_traitement": "{PERSON}"}}'
    sandbox.fail_next("droit_acces", Fault.status(400, echo))
    result = await submit(hass, result, DECLARE)
    assert result["errors"]

    result = await submit(hass, {**result, "errors": {}}, DECLARE)
    await hass.async_block_till_done()
    (added,) = (each for each in entry.subentries.values() if each.unique_id == FLAT)
    await settle(hass, entry)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert sandbox.right(FLAT).holder_name == PERSON["holder_name"]
    kept = {"subentry": f"{added.title} {dict(added.data)}"}
    for place, text in (places.texts() | stored(hass_storage) | kept).items():
        assert not [each for each in PERSONAL if each in text], place


async def test_what_is_kept_can_be_read_by_home_assistants_user_alone(
    hass: HomeAssistant,
    import_meters: AddEntry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hass.config.config_dir = str(tmp_path)

    with monkeypatch.context() as disk:
        disk.setattr(Store, "_async_write_data", _WRITE_TO_DISK)
        await import_meters(HOUSE)

    files = list((tmp_path / ".storage").glob(f"{DOMAIN}.*"))
    assert {file.name.split(".")[1] for file in files} >= {"account", "meter"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize("way", ["plain", "traversal", "symlink"])
async def test_no_way_leads_an_action_out_of_the_allowed_folders(
    hass: HomeAssistant, sandbox: Sandbox, add_entry: AddEntry, tmp_path: Path, way: str
) -> None:
    entry = await add_entry(HOUSE)
    sandbox.start_campaign([HOUSE])
    await entry.runtime_data.account.async_read_rights()
    allowed, elsewhere = tmp_path / "allowed", tmp_path / "secrets.pdf"
    allowed.mkdir()
    elsewhere.write_bytes(b"%PDF-1.7")
    link = allowed / "consent.pdf"
    link.symlink_to(elsewhere)
    hass.config.allowlist_external_dirs = {str(allowed)}
    ways = {
        "plain": elsewhere,
        "traversal": allowed / ".." / "secrets.pdf",
        "symlink": link,
    }
    sandbox.reset_calls()

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            hass,
            "send_proofs",
            device_id=device_of(hass, entry, HOUSE),
            files=[str(ways[way])],
        )

    assert caught.value.translation_key == "path_not_allowed"
    assert sandbox.calls == []


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://adict.example.com/v2", True),
        ("http://127.0.0.1:8080/v2", True),
        ("http://[::1]:8080/v2", True),
        ("http://localhost/v2", True),
        ("http://example.com/v2", False),
        ("http://localhost.example.com/v2", False),
        ("http://127.0.0.1@example.com/v2", False),
        ("http://127.0.0.1.example.com/v2", False),
        ("http://192.168.1.2/v2", False),
        ("ftp://127.0.0.1/v2", False),
        ("//example.com/v2", False),
        ("https://", False),
        ("http://[::1", False),
    ],
)
def test_a_secret_goes_over_https_or_stays_on_this_machine(
    address: str, *, is_safe: bool
) -> None:
    assert is_safe_address(address) is is_safe


class _Witness(BaseHTTPRequestHandler):
    """Keeps what it is asked, and says yes."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        """Give a token to whoever asks."""
        self.asked.append(self.path)
        body = b'{"access_token": "t", "expires_in": 14399}'
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def self_signed(socket_enabled: None, tmp_path: Path) -> Iterator[str]:  # noqa: ARG001
    """The address of a server with a certificate of its own making."""
    key, certificate = _certificate()
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "certificate.pem").write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    _Witness.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), _Witness)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    hass: HomeAssistant,
    contract: Form,
    served: Served,
    self_signed: str,
) -> None:
    addresses = {CONF_API_URL: served.api_url, CONF_TOKEN_URL: f"{self_signed}/token"}

    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    opened = await hass.config_entries.flow.async_configure(
        menu["flow_id"], {"next_step_id": "contract"}
    )
    result = await hass.config_entries.flow.async_configure(
        opened["flow_id"], {**contract, CONF_ADDRESSES: addresses}
    )

    assert result["errors"] == {"base": "cannot_connect"}
    assert _Witness.asked == []


def test_nothing_in_the_code_turns_the_check_of_certificates_off() -> None:
    words = {"ssl", "verify_ssl", "ssl_context", "check_hostname", "ssl_cipher"}

    given = [
        f"{path.name}: {word.arg}"
        for path in INTEGRATION.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in words
    ]

    assert given == []


def _certificate() -> tuple[bytes, bytes]:
    """Return a key, and a certificate for this machine that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=3650))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)
