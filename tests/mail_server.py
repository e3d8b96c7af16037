"""A real mail server on this computer, with TLS and login, that can be told to misbehave."""

import email
import email.policy
import socket
import ssl
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD, TOKEN = "reports@clinic.example", "correct horse battery", "a-fresh-token"


class Office:
    """What arrived, and what the server does next.

    ``rcpt``, ``mail``: answers by address, used up one by one. ``end``: what happens at the end of
    a message: an answer, "drop" (taken, then the line breaks) or "stall".
    """

    def __init__(self):
        self.arrived = []
        self.rcpt = {}
        self.mail_from = []
        self.end = []
        self.logins = 0
        self.refuse_login = None
        self.stall = 0.0

    def ids(self):
        return Counter(message["Message-ID"].strip() for message in self.arrived)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail_from:
            return self.mail_from.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.get(address):
            return self.rcpt[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        what = self.end.pop(0) if self.end else "250 OK taken"
        if what[0] in "45":
            return what
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message.envelope_to = list(envelope.rcpt_tos)
        self.arrived.append(message)
        if what == "drop":
            server.transport.abort()
        elif what == "stall":
            time.sleep(self.stall)
        return "250 OK taken" if what in ("drop", "stall") else what

    def check(self, server, session, envelope, mechanism, data):
        self.logins += 1
        if self.refuse_login:
            return AuthResult(success=False, handled=False, message=self.refuse_login)
        good = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    async def auth_XOAUTH2(self, server, args):
        import base64

        self.logins += 1
        words = base64.b64decode(args[1])
        if words == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01".encode():
            return AuthResult(success=True)
        await server.push("334 eyJzdGF0dXMiOiI0MDAifQ==")
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


class Server:
    """The running server: where it is, and its certificate's authority."""

    def __init__(self, office, port, ca_file, controller):
        self.office, self.port, self.ca_file, self.controller = office, port, ca_file, controller

    def stop(self):
        self.controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(place: Path, kind="starttls", *, name="localhost", port=None, office=None, **more):
    """A server until the block ends."""
    office = office or Office()
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    ca_file = place / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    options = {"authenticator": office.check, "auth_required": True}
    if kind == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    elif kind == "tls":
        options |= {"ssl_context": context, "auth_require_tls": False}
    else:
        options = {}
    port = port or free_port()
    controller = Controller(office, hostname="localhost", port=port, **(options | more))
    controller.start()
    try:
        yield Server(office, port, ca_file, controller)
    finally:
        controller.stop()


def settings(server, kind="starttls", login="password", recipients=("office",), **mail):
    """A clinic.toml that sends by the server."""
    lines = [
        'name = "Hill Clinic"',
        "[folder]",
        "settle_polls = 1",
        "settle_seconds = 0.0",
        "[mail]",
        'mode = "send"',
        'allow = ["clinic.example"]',
        'sender = "reports@clinic.example"',
        'server = "localhost"',
        f"port = {server.port}",
        f'security = "{kind}"',
        f'ca_file = "{server.ca_file}"',
        "timeout_seconds = 5",
    ]
    if login != "none":
        lines += [f'login = "{login}"', f'user = "{USER}"', 'password_file = "smtp-password.txt"']
    lines += [f"{key} = {value}" for key, value in mail.items()]
    for one in recipients:
        lines += ["[[recipients]]", f'address = "{one}@clinic.example"', 'role = "manager"']
    return "\n".join(lines)
