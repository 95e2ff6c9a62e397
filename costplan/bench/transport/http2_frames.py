"""Frames of HTTP/2, as far as unary gRPC calls need them.

Source: RFC 9113 (HTTP/2), 4.1, 6 and 11.
"""

from __future__ import annotations

import struct
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW, CONTINUATION = 0x0, 0x1, 0x3, 0x4, 0x6, 0x7, 0x8, 0x9
ACK = END_STREAM = 0x1
END_HEADERS, PADDED, PRIORITY = 0x4, 0x8, 0x20
HEAD: Final = struct.Struct(">HBBBL")
"""Length (in two parts), kind, flags, stream."""
SETTING: Final = struct.Struct(">HL")
TABLE_SIZE, ENABLE_PUSH, MAX_STREAMS, INITIAL_WINDOW, MAX_FRAME = 0x1, 0x2, 0x3, 0x4, 0x5
FIRST_WINDOW: Final = 65_535
LARGEST_FRAME: Final = 16_384
"""That a peer may send which was not told otherwise."""
WIDEST: Final = (1 << 31) - 1
LAST_STREAM: Final = (1 << 31) - 3


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return one frame."""
    length = len(payload)
    return HEAD.pack(length >> 8, length & 0xFF, kind, flags, stream) + payload


SETTINGS_OF_OURS: Final = b"".join(
    SETTING.pack(*pair) for pair in ((TABLE_SIZE, 0), (ENABLE_PUSH, 0), (INITIAL_WINDOW, WIDEST))
)
_WIDENED: Final = (WIDEST - FIRST_WINDOW).to_bytes(4, "big")
GREETING: Final = PREFACE + frame(SETTINGS, 0, 0, SETTINGS_OF_OURS) + frame(WINDOW, 0, 0, _WIDENED)
"""A client's first bytes: no table of header fields, no pushed replies, replies of any size."""
