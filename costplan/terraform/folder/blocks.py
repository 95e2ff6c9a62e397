"""The blocks of a .tf file and what stands in them, as it is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from costplan.source.guard import Source
from costplan.terraform.folder.tokens import MOST_NESTED, Tokens, UnreadableError, tokens_of

OPEN, CLOSED = ("(", "[", "{"), (")", "]", "}")


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = expression`."""

    name: str
    expression: Tokens
    source: Source
    start: int

    @property
    def text(self) -> str:
        """The expression as it is written."""
        return self.source.text[self.expression[0].start : self.stop]

    @property
    def stop(self) -> int:
        """Where the expression ends."""
        return self.expression[-1].stop


@dataclass(slots=True)
class Block:
    """`type "label" { ... }`, or a whole file."""

    type: str
    labels: tuple[str, ...]
    source: Source
    start: int
    body_start: int
    stop: int = 0
    """Behind the brace that closes it."""
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    @property
    def is_on_one_line(self) -> bool:
        """Whether it is written as `resources { cores = 2 }`."""
        return "\n" not in self.source.text[self.body_start : self.stop]

    @property
    def dynamic(self) -> str | None:
        """What blocks it builds, where it is `dynamic "disk" {`."""
        return self.labels[0] if self.type == "dynamic" and len(self.labels) == 1 else None

    def content(self) -> Block:
        """Return what a `dynamic` block builds each time."""
        found = [one for one in self.blocks if one.type == "content"]
        return found[0] if found else Block("content", (), self.source, self.start, self.start, self.start)


def blocks_of(source: Source) -> Block:
    """Read the blocks of a file.

    Raises:
        UnreadableError: At a place that is not understood.
    """
    return _Parser(source).read()


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = tokens_of(source.text)
        self.at = 0

    def read(self) -> Block:
        whole = Block("", (), self.source, 0, 0, len(self.source.text))
        self._body(whole, 0)
        if self.at < len(self.tokens):
            raise UnreadableError(self.tokens[self.at].start)
        return whole

    def _body(self, block: Block, depth: int) -> None:
        if depth > MOST_NESTED:
            raise UnreadableError(block.start)
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "line":
                self.at += 1
            elif token.is_mark("}"):
                return
            elif token.kind == "name":
                self._entry(block, depth)
            else:
                raise UnreadableError(token.start)

    def _entry(self, block: Block, depth: int) -> None:
        name = self.tokens[self.at]
        self.at += 1
        if self._is_mark("="):
            self.at += 1
            block.attributes[name.text] = Attribute(
                name.text, self._expression(name.start), self.source, name.start
            )
            return
        labels = []
        while self.at < len(self.tokens) and self.tokens[self.at].kind in ("name", "text"):
            labels.append(self.tokens[self.at].text)
            self.at += 1
        if not self._is_mark("{"):
            raise UnreadableError(name.start)
        inner = Block(name.text, tuple(labels), self.source, name.start, self.tokens[self.at].stop)
        self.at += 1
        self._body(inner, depth + 1)
        if not self._is_mark("}"):
            raise UnreadableError(name.start)
        inner.stop = self.tokens[self.at].stop
        self.at += 1
        block.blocks.append(inner)

    def _is_mark(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].is_mark(text)

    def _expression(self, start: int) -> Tokens:
        found, depth = [], 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.is_mark(*OPEN):
                depth += 1
            if not depth and (token.kind == "line" or token.is_mark("}")):
                break
            if token.is_mark(*CLOSED):
                depth -= 1
            found.append(token)
            self.at += 1
        if not found:
            raise UnreadableError(start)
        return tuple(found)
