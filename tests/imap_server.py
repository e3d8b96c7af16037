"""A small mailbox on this computer that speaks IMAP over TLS, and can be told to misbehave."""

import base64
import email
import re
import socketserver
import ssl
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import trustme
from mail_server import PASSWORD, TOKEN, USER

LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
FOLDERS = {
    b"INBOX": b"",
    b"Entw&APw-rfe": b"\\Drafts",
    b"Gesendet": b"\\Sent",
    b"Papierkorb": b"\\Trash",
}


class Post:
    """What lies in the mailbox, and what the server does next.

    ``append``: what happens at the end of a draft, one by one: "drop" (kept, then the line breaks),
    "lose" (the line breaks before it is kept), or a refusal. ``refuse``: the answer to a login.
    ``drip``: a line that ends nothing, again and again, in place of the greeting.
    """

    def __init__(self, folders=None, ways=b"AUTH=PLAIN AUTH=XOAUTH2"):
        self.folders = dict(FOLDERS if folders is None else folders)
        self.kept = {name: [] for name in self.folders}
        self.ways = ways
        self.append = []
        self.refuse = b""
        self.password = PASSWORD
        self.written = USER  # as it stands in a command
        self.drip = False
        self.logins = 0
        self.flags = []

    def drafts(self):
        return [content for name, kept in self.kept.items() if b"Entw" in name for content in kept]

    def ids(self):
        """How often each identity lies in the mailbox."""
        every = [content for kept in self.kept.values() for content in kept]
        return Counter(email.message_from_bytes(content)["Message-ID"] for content in every)


class _Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    def handle(self):
        self.post, self.place = self.server.post, None
        try:
            self.request.do_handshake()
            self._talk()
        except (OSError, ValueError):
            pass

    def _talk(self):
        while self.post.drip:
            self.say(b"* still here")
            time.sleep(0.1)
        self.say(b"* OK here")
        while line := self.rfile.readline():
            self.tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
            word, _, rest = rest.partition(b" ")
            if not getattr(self, f"do_{word.decode().lower()}")(rest, line):
                break

    def say(self, line):
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def done(self, text=b"OK done"):
        self.say(self.tag + b" " + text)
        return True

    def do_capability(self, rest, line):
        self.say(b"* CAPABILITY IMAP4rev1 SPECIAL-USE " + self.post.ways)
        return self.done()

    def do_logout(self, rest, line):
        self.say(b"* BYE")
        self.done()
        return False

    def logged_in(self, good):
        self.post.logins += 1
        if self.post.refuse:
            return self.done(b"NO " + self.post.refuse)
        return self.done(b"OK in" if good else b"NO [AUTHENTICATIONFAILED] wrong")

    def do_login(self, rest, line):
        return self.logged_in(rest == f'{self.post.written} "{self.post.password}"'.encode())

    def do_authenticate(self, rest, line):
        self.say(b"+ ")
        words = base64.b64decode(self.rfile.readline())
        if rest == b"PLAIN":
            return self.logged_in(words == f"\0{USER}\0{self.post.password}".encode())
        good = words == f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01".encode()
        if not good:
            self.say(b"+ " + base64.b64encode(b'{"status":"401"}'))
            assert self.rfile.readline() == b"\r\n"
        return self.logged_in(good)

    def do_list(self, rest, line):
        for name, mark in self.post.folders.items():
            self.say(b'* LIST (\\HasNoChildren %s) "/" "%s"' % (mark, name))
        return self.done()

    def do_examine(self, rest, line):
        self.place = rest.strip(b'"')
        if self.place not in self.post.kept:
            return self.done(b"NO no such folder")
        self.say(b"* 1 EXISTS")
        return self.done(b"OK [READ-ONLY] done")

    def do_search(self, rest, line):
        wanted = re.search(rb'HEADER Message-ID "([^"]*)"', rest)[1].decode()
        numbers = [
            str(number).encode()
            for number, content in enumerate(self.post.kept[self.place], 1)
            if email.message_from_bytes(content)["Message-ID"] == wanted
        ]
        self.say(b"* SEARCH " + b" ".join(numbers))
        return self.done()

    def do_append(self, rest, line):
        self.say(b"+ go")
        content = self.rfile.read(int(LITERAL.search(line)[1]))
        self.rfile.readline()
        what = self.post.append.pop(0) if self.post.append else ""
        if what == "lose":
            return False
        if what not in ("", "drop"):
            return self.done(what.encode())
        name = re.match(rb'"([^"]*)" \(([^)]*)\)', rest)
        self.post.flags.append(name[2])
        self.post.kept[name[1]].append(content)
        return False if what == "drop" else self.done()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mailbox(place: Path, post=None):
    """A mailbox until the block ends: what it holds, its port, and its certificate's authority."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    ca_file = place / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    server = _Server(("127.0.0.1", 0), _Talk)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.post = post or Post()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.post, server.server_address[1], ca_file
    finally:
        server.shutdown()
        server.server_close()


def settings(port, ca_file, login="password", recipients=("office",), **mail):
    """A clinic.toml whose drafts go into the mailbox."""
    lines = [
        'name = "Hill Clinic"',
        "[folder]",
        "settle_polls = 1",
        "settle_seconds = 0.0",
        "[mail]",
        'allow = ["clinic.example"]',
        f'sender = "{USER}"',
        'imap_server = "localhost"',
        f"imap_port = {port}",
        f'ca_file = "{ca_file}"',
        "timeout_seconds = 5",
        f'login = "{login}"',
        f'user = "{USER}"',
        'password_file = "smtp-password.txt"',
    ]
    lines += [f"{key} = {value}" for key, value in mail.items()]
    for one in recipients:
        lines += ["[[recipients]]", f'address = "{one}@clinic.example"', 'role = "manager"']
    return "\n".join(lines)
