"""Files that were parsed before: kept in the user's cache, never trusted over the text.

Of prices their plain data is kept, of scenarios the tree with the place of every value. A kept file begins
with the hash of the text that it was made from, of the code that made it, and of what follows; it counts only
where all of them fit. What it gives is checked as the text's own data would be. A cache that is damaged,
somebody else's, or cannot be written is no error: the text is parsed then, as it is the first time.
"""

from __future__ import annotations

import hashlib
import json
import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import repeat
from pathlib import Path
from struct import error, pack, unpack
from typing import Any

from costplan._version import __version__
from costplan.messages.errors import InputError
from costplan.source.guard import Place, Source, open_regular, read_file
from costplan.source.reader import (
    CATALOG_LIMIT_BYTES,
    SCENARIO_LIMIT_BYTES,
    Mapping,
    Node,
    Scalar,
    Sequence,
    parse_yaml,
    to_plain,
)

WORTH_KEEPING = 400
"""Bytes of a text from which on it is kept: whoever parses nothing need not even import libyaml."""
_CODE = ("parse_cache.py", "reader.py", "tree.py", "composer.py", "guard.py", "syntax.py")
"""What is kept depends on besides the text."""
_MOST_KEPT_BYTES = 4 * CATALOG_LIMIT_BYTES
"""No text that is read grows to more: a number and three places take a few times its bytes."""
_SCENARIO_PLACES = 256
"""Most scenarios that are kept; a new one may take an older one's place."""


class Document:
    """A file as plain data; its places are found when they are asked for."""

    def __init__(self, plain: Any, parse: Callable[[], Mapping]) -> None:
        self.plain = plain
        self._parse = parse

    @cached_property
    def node(self) -> Mapping:
        """The tree with the place of every value."""
        return self._parse()


def read_document(path: Path) -> Document:
    """Read a file of a catalog.

    Raises:
        InputError: All faults found, in file order.
    """
    text = read_file(path, str(path), CATALOG_LIMIT_BYTES)

    def parse() -> Mapping:
        return parse_yaml(text, str(path), limit_bytes=CATALOG_LIMIT_BYTES)

    if len(text) < WORTH_KEEPING:
        node = parse()
        return Document(to_plain(node), lambda: node)
    name, key = f"{_name(path)[:20]}.json", _key(text)
    plain = _found(name, key)
    if not isinstance(plain, dict):
        node = parse()
        plain = to_plain(node)
        _keep(name, key, plain)
        return Document(plain, lambda: node)
    return Document(plain, parse)


def read_tree(path: Path, *, shown_as: str | None = None) -> Mapping:
    """Read a scenario.

    Args:
        path: Of the file.
        shown_as: The name for marks and messages; the path when not given.

    Raises:
        InputError: All faults found, in file order.
    """
    shown = shown_as or str(path)
    text = read_file(path, shown, SCENARIO_LIMIT_BYTES)
    if len(text) < WORTH_KEEPING:
        return parse_yaml(text, shown)
    place = int(_name(path), 16) % _SCENARIO_PLACES
    name, key = f"scenario-{place}.json", _key(text)
    tree = _tree_of(_found(name, key), text, shown)
    if tree is None:
        tree = parse_yaml(text, shown)
        _keep(name, key, _data_of(tree))
    return tree


def _data_of(tree: Mapping) -> list[Any]:
    """Return a tree as its plain data, and all places in one text: most of reading is then one step of C."""
    numbers: list[int] = []
    _collect_places(tree, numbers)
    packed = pack(f"<{len(numbers)}i", *numbers)
    return [to_plain(tree), b2a_base64(packed, newline=False).decode()]


def _collect_places(node: Node, numbers: list[int]) -> None:
    """Add line, column and length of a node, and then of the keys and values in it."""
    numbers += node.place[1:]
    if isinstance(node, Mapping):
        for key, value in node.entries.items():
            numbers += node.key_places[key][1:]
            _collect_places(value, numbers)
    elif isinstance(node, Sequence):
        for item in node.items:
            _collect_places(item, numbers)


def _tree_of(data: Any, text: bytes, shown: str) -> Mapping | None:
    """Return the tree again that `_data_of` was given; None where the data is of another shape."""
    try:
        plain, kept = data
        packed = a2b_base64(kept)
        numbers = unpack(f"<{len(packed) // 4}i", packed)
        source = Source(shown, text.decode("utf-8-sig"))
        places = zip(repeat(source), numbers[0::3], numbers[1::3], numbers[2::3])
        return _mapping(plain, places, next(places))
    except (TypeError, ValueError, AttributeError, StopIteration, error, RecursionError):
        return None


def _mapping(plain: dict[str, Any], places: Iterator[Place], place: Place) -> Mapping:
    entries: dict[str, Node] = {}
    key_places: dict[str, Place] = {}
    for key, value in plain.items():
        key_places[key] = next(places)
        entries[key] = _node(value, places, next(places))
    return Mapping(entries, key_places, place)


def _node(plain: Any, places: Iterator[Place], place: Place) -> Node:
    if plain.__class__ is dict:
        return _mapping(plain, places, place)
    if plain.__class__ is list:
        return Sequence([_node(item, places, next(places)) for item in plain], place)
    if plain is not None and plain.__class__ is not str:
        raise TypeError(plain)
    return Scalar(plain, place)


def cache_folder() -> Path | None:
    """Return the user's folder for what can be made again; None where the user has none."""
    named = os.environ.get("XDG_CACHE_HOME", "") or os.environ.get("LOCALAPPDATA", "")
    # A relative one is to be ignored, says the XDG Base Directory Specification.
    if os.path.isabs(named):  # noqa: PTH117
        return Path(named, "costplan")
    home = os.path.expanduser("~")  # noqa: PTH111
    # An empty home would make it a folder of the whole machine, a relative one one of the working folder.
    is_home = os.path.isabs(home) and os.environ.get("HOME", home)  # noqa: PTH117
    return Path(home, ".cache", "costplan") if is_home else None


def _name(path: Path) -> str:
    """Return what a file is called among those kept: by its path, so that a new text replaces an old one."""
    return hashlib.sha256(os.fsencode(os.path.abspath(path))).hexdigest()  # noqa: PTH100


def _key(text: bytes) -> bytes:
    return hashlib.sha256(_code_key() + text).hexdigest().encode()


@lru_cache(maxsize=1)
def _code_key() -> bytes:
    folder = Path(__file__).parent
    code = b"".join((folder / name).read_bytes() for name in _CODE)
    return hashlib.sha256(__version__.encode() + b"\0" + code).digest()


def _found(name: str, key: bytes) -> Any:
    """Return kept data, or None where there is none that fits."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        with open_regular(folder / name, name) as handle:
            status = os.fstat(handle.fileno())
            is_own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
            if not is_own or status.st_size > _MOST_KEPT_BYTES:
                return None
            first, body = handle.readline(200), handle.read(_MOST_KEPT_BYTES)
        fits = first.split() == [key, hashlib.sha256(body).hexdigest().encode()]
        return json.loads(body) if fits else None
    except (InputError, OSError, ValueError, RuntimeError):
        return None


def _keep(name: str, key: bytes, plain: Any) -> None:
    """Write data whole or not at all: others may read, and write, at the same time."""
    import tempfile  # a start that finds its files kept needs none of it

    folder = cache_folder()
    if folder is None:
        return
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    with suppress(OSError, ValueError, RuntimeError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(key + b" " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(written, folder / name)  # noqa: PTH105
        except OSError:
            os.unlink(written)  # noqa: PTH108
            raise
