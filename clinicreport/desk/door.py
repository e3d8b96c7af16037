"""What stands before every page: who may come in, and what every answer says about itself.

The checks come before routing, in a fixed order, and each says no in the same words.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from clinicreport.desk.desk_state import Desk

POLICY = (
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
REFUSED = (
    b'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Closed</title></head>'
    b"<body><h1>The desk was closed.</h1><p>Open it with the icon.</p></body></html>"
)
OPEN = ("/enter", "/here")  # without a cookie


class Door:
    """Lets in the browser that holds this start's cookie, and nobody else."""

    def __init__(self, desk: Desk, inside: WSGIApplication) -> None:
        self._desk = desk
        self._inside = inside

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not may_come_in(self._desk, environ):
            length = ("Content-Length", str(len(REFUSED)))
            html = ("Content-Type", "text/html; charset=utf-8")
            start("403 Forbidden", [html, length, *HEADERS])
            return [REFUSED]
        prefix = f"/{self._desk.prefix}"
        environ["SCRIPT_NAME"] = prefix
        environ["PATH_INFO"] = environ["PATH_INFO"][len(prefix) :]
        return self._inside(environ, _with_headers(start))


def may_come_in(desk: Desk, environ: WSGIEnvironment) -> bool:
    """Whether a request is from the browser that was let in; asked before its body is kept too."""
    here = f"127.0.0.1:{desk.port}"
    path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD")
    if environ.get("HTTP_HOST") != here:
        return False
    if not path.startswith(f"/{desk.prefix}/"):
        return False
    page = path.removeprefix(f"/{desk.prefix}")
    from_where = environ.get("HTTP_SEC_FETCH_SITE", "none")
    if page != "/enter" and from_where not in {"same-origin", "none"}:
        return False
    if method not in {"GET", "HEAD", "POST"}:
        return False
    if method == "POST" and environ.get("HTTP_ORIGIN") != f"http://{here}":
        return False
    return page in OPEN or _knows_us(desk, environ)


def _knows_us(desk: Desk, environ: WSGIEnvironment) -> bool:
    try:
        sent = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(cookie_name(desk))
    except CookieError:
        return False
    return sent is not None and same(sent.value, desk.cookie)


def same(given: str, secret: str) -> bool:
    """Whether what was given is the secret; how long that takes does not tell."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def cookie_name(desk: Desk) -> str:
    """Cookies do not know ports; their names do."""
    return f"desk_{desk.port}"


def _with_headers(start: StartResponse) -> StartResponse:
    def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
        ours = {name.lower() for name, _ in HEADERS}
        kept = [(name, value) for name, value in headers if name.lower() not in ours]
        return start(status, [*kept, *HEADERS], *more)

    return begin
