"""Header blocks of HTTP/2 without a dynamic table: what a client needs that announced a table of size 0.

Such blocks depend on nothing before them, so that equal ones mean the same. Names that nobody asks about are
left out.

Source: RFC 7541 (HPACK): 5.1, 5.2, 6 and the code of appendix B, which is canonical, so that its lengths say
it all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_LENGTHS: Final = (
    "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCC"
    "CCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRT"
    "QRSSQQRQSRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ"
)
"""Length of each symbol's code in bits, `A` for 5, the end of a string last."""

_STATUSES: Final = {8: b"200", 9: b"204", 10: b"206", 11: b"304", 12: b"400", 13: b"404", 14: b"500"}
"""Entries of the static table that are a `:status`; those without a value of their own are not looked at."""
_STATIC_ENTRIES: Final = 61
_END_OF_STRING: Final = 256
_MAX_PADDING: Final = 7


class HeaderError(ValueError):
    """A header block breaks the format, or needs a table that it was told not to use."""


def _codes() -> dict[tuple[int, int], int]:
    """Return symbols by length and code: each length goes on where the shorter one ended."""
    found, code, before = {}, 0, 0
    for length, symbol in sorted((ord(letter) - ord("A") + 5, at) for at, letter in enumerate(_LENGTHS)):
        code <<= length - before
        found[length, code] = symbol
        code, before = code + 1, length
    return found


_CODES: Final = _codes()


def literal(name: bytes, value: bytes) -> bytes:
    """Return a header field as it is: not indexed, not Huffman-coded."""
    return b"\x00" + _sized(name) + _sized(value)


def decode(block: bytes) -> dict[bytes, bytes]:
    """Return the fields of a header block whose names are spelled out, and `:status`.

    Raises:
        HeaderError: The block is broken or uses a dynamic table.
    """
    fields: dict[bytes, bytes] = {}
    at = 0
    while at < len(block):
        first = block[at]
        if first & 0x80:
            index, at = _whole(block, at, 7)
            _check_static(index)
            if index in _STATUSES:
                fields[b":status"] = _STATUSES[index]
        elif first & 0xE0 == 0x20:
            size, at = _whole(block, at, 5)
            if size:
                raise HeaderError("the server grows a table that it was told not to use")
        else:
            name, value, at = _field(block, at, 6 if first & 0x40 else 4)
            if name:
                fields[name] = value
    return fields


def _field(block: bytes, at: int, bits: int) -> tuple[bytes, bytes, int]:
    index, at = _whole(block, at, bits)
    if index:
        _check_static(index)
        name = b":status" if index in _STATUSES else b""
    else:
        name, at = _text(block, at)
    value, at = _text(block, at)
    return name, value, at


def _check_static(index: int) -> None:
    if not 1 <= index <= _STATIC_ENTRIES:
        raise HeaderError(f"field {index} is in no table")


def _whole(block: bytes, at: int, bits: int) -> tuple[int, int]:
    """Read a whole number that starts in the last `bits` of a byte; returns it and where it ends."""
    most = (1 << bits) - 1
    value = _byte(block, at) & most
    at += 1
    if value < most:
        return value, at
    for shift in range(0, 35, 7):
        byte = _byte(block, at)
        value, at = value + ((byte & 0x7F) << shift), at + 1
        if not byte & 0x80:
            return value, at
    raise HeaderError("a number is too large")


def _text(block: bytes, at: int) -> tuple[bytes, int]:
    is_coded = bool(_byte(block, at) & 0x80)
    length, at = _whole(block, at, 7)
    end = at + length
    if end > len(block):
        raise HeaderError("a text is cut short")
    return (bytes(_symbols(block[at:end])) if is_coded else block[at:end]), end


def _byte(block: bytes, at: int) -> int:
    if at >= len(block):
        raise HeaderError("the block is cut short")
    return block[at]


def _symbols(coded: bytes) -> Iterator[int]:
    length = code = 0
    for byte in coded:
        for bit in range(7, -1, -1):
            length, code = length + 1, code << 1 | byte >> bit & 1
            symbol = _CODES.get((length, code))
            if symbol == _END_OF_STRING:
                raise HeaderError("the end of a string inside a text")
            if symbol is not None:
                yield symbol
                length = code = 0
    if length > _MAX_PADDING or code != (1 << length) - 1:
        raise HeaderError("a coded text ends inside a symbol")


def _sized(text: bytes) -> bytes:
    """Return a text with its length before it, not Huffman-coded."""
    length, most = len(text), 127
    if length < most:
        return bytes((length,)) + text
    head, rest = bytearray((most,)), length - most
    while rest > most:
        head.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes(head) + bytes((rest,)) + text
