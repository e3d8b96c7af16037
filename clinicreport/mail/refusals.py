"""What a mail server's refusal means, and what to do, in plain words."""

from __future__ import annotations

import re
import unicodedata

# Pattern of the server's answer -> what it means. The first that fits holds.
MEANINGS: tuple[tuple[str, str], ...] = (
    (
        r"5\.7\.30\b|5\.7\.139\b|basic authentication is (not supported|disabled)",
        "Microsoft 365 no longer takes a password here (basic authentication is switched off). Use "
        'login = "xoauth2" with a token command: docs/mail-setup.md, "Microsoft 365"',
    ),
    (
        r"5\.7\.9\b|application-specific password|less secure|InvalidSecondFactor",
        "Gmail wants an application password (or XOAUTH2) instead of the account's own password: "
        'docs/mail-setup.md, "Gmail"',
    ),
    (
        r"5\.7\.60\b|send ?as|not (allowed|permitted|authorized) to send|sender address rejected",
        "the server does not let this user send from that sender: correct mail.sender, or ask for the "
        'right to "send as" it',
    ),
    (
        r"5\.7\.8\b|authentication (failed|unsuccessful|credentials invalid)|username and password",
        "the server does not accept the user or the password: check mail.user and the password file; "
        "for XOAUTH2 check that the token is for this mailbox",
    ),
    (
        r"5\.3\.4\b|5\.2\.3\b|too (large|big)|size (limit|exceed)|exceeds (the )?(maximum|size)",
        "the message is too large for the server: set mail.largest_megabytes, and hand the report "
        "over another way",
    ),
    (
        r"5\.1\.1\b|5\.1\.10\b|user unknown|unknown (user|recipient)|no such user|does not exist"
        r"|mailbox unavailable|recipient not found",
        "the server does not know this recipient: correct the address in clinic.toml",
    ),
    (r"5\.2\.2\b|4\.2\.2\b|mailbox (is )?full|over quota", "the recipient's mailbox is full"),
    (
        r"greylist|grey-list|4\.7\.1\b.*try again",
        "the server asks to try again later (greylisting)",
    ),
    (
        r"5\.7\.1\b|relay",
        "the server does not pass mail on for this user: a login is missing, or "
        "the recipient's domain is not allowed",
    ),
)
BY_CODE = {
    421: "the server is not ready now",
    450: "the mailbox cannot be reached now; the server may be greylisting",
    451: "the server asks to try again later",
    452: "the server has no room now",
    530: 'the server wants a login first: set login = "password" or "xoauth2"',
    535: MEANINGS[3][1],
    550: "the server refuses this recipient",
    552: MEANINGS[4][1],
    554: "the server refuses the message",
}


def one_line_of(reply: bytes | str) -> str:
    """What a server said on one line, without control characters."""
    text = reply if isinstance(reply, str) else _decoded(reply)
    seen = (" " if unicodedata.category(char).startswith(("C", "Z")) else char for char in text)
    return " ".join("".join(seen).split())


def _decoded(reply: bytes) -> str:
    try:
        return reply.decode("utf-8")
    except UnicodeDecodeError:
        return reply.decode("latin-1")


def answer_text(reply: bytes | str) -> str:
    """A server's answer on one line, cut to what is worth keeping."""
    return one_line_of(reply)[:300]


def explain(code: int, reply: bytes | str) -> str:
    """One sentence: what it means, and the server's own words."""
    text = answer_text(reply)
    found = next(
        (meaning for pattern, meaning in MEANINGS if re.search(pattern, text, re.IGNORECASE)),
        BY_CODE.get(code, "the server refused"),
    )
    return f"{found} (the server said: {code} {text})"
