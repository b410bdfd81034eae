"""Mail servers that misbehave by a script, and one that is well again."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.doors import _in_thread

Key = tuple[str, str]  # the Message-ID of a mail, and who got it


@dataclass
class Relay:
    """A server by a script: what it says to a recipient and to a mail, and all that it kept."""

    port: int = 0
    to_recipient: Callable[[str], str] = lambda address: "250 OK"
    to_mail: str = "250 OK"
    hangs: bool = False
    kept: list[Key] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.to_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.to_mail.startswith("250"):
            mail = message_from_bytes(envelope.original_content or b"")
            self.kept += [(str(mail["Message-ID"]), one) for one in envelope.rcpt_tos]
            self.order.append(str(mail["Message-ID"]))
        if self.hangs:
            await asyncio.sleep(3600)
        return self.to_mail

    @property
    def counted(self) -> Counter[Key]:
        return Counter(self.kept)


def setting(port: int, **other: Any) -> dict[str, Any]:
    """settings.OUTGOING_MAIL for a server on loopback."""
    plain = {"username": "", "password": "", "use_ssl": False, "use_tls": False}
    return {"host": "127.0.0.1", "port": port, **plain, **other}


@contextmanager
def relay(**options: Any) -> Iterator[Relay]:
    """A server that does as its script says."""
    script = Relay()

    async def listening() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(script, hostname="relay.example", **options), "127.0.0.1", 0
        )

    with _in_thread(listening) as port:
        script.port = port
        yield script


@contextmanager
def speaking(lines: list[bytes], pause: float = 0) -> Iterator[int]:
    """A server that says these lines, one for each line that it hears, a letter every `pause` seconds."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for line in lines:
                for letter in [line] if not pause else [bytes([one]) for one in line]:
                    writer.write(letter)
                    await writer.drain()
                    await asyncio.sleep(pause)
                await reader.readline()
        except OSError:
            return
        finally:
            writer.close()

    async def listening() -> asyncio.Server:
        return await asyncio.start_server(answer, "127.0.0.1", 0)

    with _in_thread(listening) as port:
        yield port


def nobody(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    """Accept no password."""
    return AuthResult(success=False, handled=False)


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    path = folder / "relay.pem"
    path.write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
