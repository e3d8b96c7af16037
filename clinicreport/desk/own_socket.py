"""A socket that only this computer reaches."""

from __future__ import annotations

import socket
import sys

from clinicreport.ground.errors import UsageError


def own_socket(port: int = 0) -> socket.socket:
    """The socket on this port, or on a free one for 0. Raises UsageError where it is taken."""
    own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":  # else another program could take the port too
        own.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    try:
        own.bind(("127.0.0.1", port))
    except OSError as error:
        own.close()
        raise UsageError(
            f"--port {port}: it cannot be had ({error.strerror}); leave the option out, and a free "
            "one is taken"
        ) from error
    return own
