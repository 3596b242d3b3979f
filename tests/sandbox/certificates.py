"""Certificates for a sandbox over HTTPS: good ones, and three kinds of bad ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
import ssl
from tempfile import TemporaryDirectory
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HOST: Final = "localhost"
_YEAR: Final = timedelta(days=365)


class Authority:
    """Signs certificates; who trusts it trusts those that are good."""

    def __init__(self) -> None:
        """Draw a key, and sign its own certificate."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("An authority of tests")
        self._certificate = _certificate(
            self._name, self._key.public_key(), self._name, self._key, is_authority=True
        )

    def trusted(self) -> ssl.SSLContext:
        """Return a client's context that trusts this authority alone."""
        pem = self._certificate.public_bytes(serialization.Encoding.PEM)
        return ssl.create_default_context(cadata=pem.decode())

    def server(
        self,
        host: str = _HOST,
        *,
        is_expired: bool = False,
        is_self_signed: bool = False,
    ) -> ssl.SSLContext:
        """Return a server's context: good by default, bad in the ways named."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(host)
        certificate = _certificate(
            name,
            key.public_key(),
            name if is_self_signed else self._name,
            key if is_self_signed else self._key,
            host=host,
            is_expired=is_expired,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with _written(certificate, key) as file:
            context.load_cert_chain(file)
        return context


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    *,
    host: str | None = None,
    is_expired: bool = False,
    is_authority: bool = False,
) -> x509.Certificate:
    # The machine's clock: certificates are judged by it, whatever a test's says.
    end = datetime.now(UTC) + (-timedelta(days=1) if is_expired else 10 * _YEAR)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - 20 * _YEAR)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(public), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
    )
    if is_authority:
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    if host is not None:
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())


@contextmanager
def _written(
    certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> Iterator[Path]:
    """Give both as a file: Python's ssl takes nothing else."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        yield file
