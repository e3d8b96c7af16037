"""How the program and its reading child talk: numbers before each message, and a word to start by.

Apart from both, so that the program itself loads nothing of what reads a file.
"""

from __future__ import annotations

import struct

LENGTHS = struct.Struct("<QQ")  # of a request: its header, the file
LENGTH = struct.Struct("<Q")  # of an answer
READING_CHILD = "--reading-child"  # the word by which a frozen program starts as this process
