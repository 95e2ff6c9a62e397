"""What an expression looks like: a reference, an object, a list, a call, or something made of some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from costplan.terraform.folder.blocks import CLOSED, OPEN
from costplan.terraform.folder.tokens import Token, Tokens

ANY = "*"
"""A step that may be any key."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`module.shop["a"].address` with its steps; a key that is worked out is `ANY`."""

    root: str
    steps: tuple[str, ...]
    keys: tuple[Tokens, ...] = ()
    """The expressions of keys that are worked out."""
    is_key: tuple[bool, ...] = ()
    """Which of the steps stand in brackets."""

    def __str__(self) -> str:
        """Write it as Terraform does in a plan: `yandex_vpc_address.a[0].id`."""
        said = self.root
        for step, is_key in zip(self.steps, self.is_key, strict=True):
            if step == ANY:
                return said  # a key that is worked out ends what a plan says
            said += (f"[{step}]" if step.isdigit() else f'["{step}"]') if is_key else f".{step}"
        return said


def bare(expression: Tokens) -> Tokens:
    """Take off parentheses around the whole, and ends of lines."""
    found = _trimmed(expression)
    while len(found) > 2 and found[0].is_mark("(") and _closing(found, 0) == len(found) - 1:
        found = _trimmed(found[1:-1])
    return found


def _trimmed(expression: Tokens) -> Tokens:
    start, stop = 0, len(expression)
    while start < stop and expression[start].kind == "line":
        start += 1
    while stop > start and expression[stop - 1].kind == "line":
        stop -= 1
    return expression[start:stop]


def _closing(expression: Tokens, start: int) -> int:
    """Return where the bracket at a place is closed."""
    depth = 0
    for at in range(start, len(expression)):
        if expression[at].is_mark(*OPEN):
            depth += 1
        elif expression[at].is_mark(*CLOSED):
            depth -= 1
            if not depth:
                return at
    return len(expression) - 1


def reference_at(expression: Tokens, at: int) -> tuple[Reference, int]:
    """Read the reference that begins with the name at a place; return it and where it ends."""
    root, steps, keys, is_key = expression[at].text, list[str](), list[Tokens](), list[bool]()
    at += 1
    while at < len(expression):
        if expression[at].is_mark(".") and at + 1 < len(expression):
            steps.append(expression[at + 1].text)
            is_key.append(steps[-1] == ANY or steps[-1].isdigit())
            at += 2
        elif expression[at].is_mark("["):
            end = _closing(expression, at)
            inner = _trimmed(expression[at + 1 : end])
            is_plain = len(inner) == 1 and inner[0].kind in ("text", "number") and not inner[0].parts
            steps.append(inner[0].text if is_plain else ANY)
            is_key.append(True)
            if not is_plain:
                keys.append(inner)
            at = end + 1
        else:
            break
    return Reference(root, tuple(steps), tuple(keys), tuple(is_key)), at


def as_reference(expression: Tokens) -> Reference | None:
    """Return the reference that an expression is; None for any other."""
    if not expression or expression[0].kind != "name":
        return None
    found, end = reference_at(expression, 0)
    return found if end == len(expression) else None


def as_template(expression: Tokens) -> Tokens | None:
    """Return what a text is that is nothing but `"${...}"`."""
    if len(expression) == 1 and len(expression[0].parts) == 1 and not expression[0].text:
        return expression[0].parts[0]
    return None


def as_call(expression: Tokens) -> tuple[str, list[Tokens]] | None:
    """Return the function and the arguments of a call; None for any other expression."""
    is_call = len(expression) > 2 and expression[0].kind == "name" and expression[1].is_mark("(")
    if not is_call or _closing(expression, 1) != len(expression) - 1:
        return None
    return expression[0].text, split(expression[2:-1], ",")


def as_object(expression: Tokens) -> list[tuple[Tokens, Tokens]] | None:
    """Return keys and values of an object; None for any other expression."""
    inner = _inside(expression, "{")
    if inner is None:
        return None
    found = []
    for entry in split(inner, ",", "\n"):
        at = next((n for n, depth in _depths(entry) if not depth and entry[n].is_mark("=", ":")), None)
        if at is None:
            return None
        found.append((entry[:at], entry[at + 1 :]))
    return found


def as_list(expression: Tokens) -> list[Tokens] | None:
    """Return the elements of a list; None for any other expression."""
    inner = _inside(expression, "[")
    return None if inner is None else split(inner, ",")


@dataclass(frozen=True, slots=True)
class Loop:
    """`[for name in through : value]`, or an object with `key => value`."""

    names: tuple[str, ...]
    through: Tokens
    key: Tokens
    value: Tokens
    condition: Tokens


def as_loop(expression: Tokens) -> Loop | None:
    """Return what an expression makes in a loop; None for any other, and for one that groups."""
    if not expression or not expression[0].is_mark("[", "{"):
        return None
    inner = _trimmed(expression[1:-1])
    if _closing(expression, 0) != len(expression) - 1 or not inner or not _is_name(inner[0], "for"):
        return None
    at = _outer(inner, ":")
    into = next((n for n, token in enumerate(inner) if token.kind == "name" and token.text == "in"), None)
    if at is None or into is None or into > at or any(token.text == "..." for token in inner):
        return None
    names = tuple(token.text for token in inner[1:into] if token.kind == "name")
    body = _trimmed(inner[at + 1 :])
    ends = next((n for n, depth in _depths(body) if not depth and _is_name(body[n], "if")), len(body))
    made, condition = body[:ends], body[ends + 1 :]
    arrow = _outer(made, "=>")
    key, value = ((), made) if arrow is None else (made[:arrow], made[arrow + 1 :])
    return Loop(names, inner[into + 1 : at], key, value, condition)


def _outer(expression: Tokens, mark: str) -> int | None:
    """Return where a mark stands in no bracket."""
    return next((n for n, depth in _depths(expression) if not depth and expression[n].is_mark(mark)), None)


def _is_name(token: Token, text: str) -> bool:
    return token.kind == "name" and token.text == text


def as_choice(expression: Tokens) -> tuple[Tokens, Tokens, Tokens] | None:
    """Return condition and both ends of `a ? b : c`; None for any other expression."""
    depth, asks = 0, [n for n, depth in _depths(expression) if not depth and expression[n].is_mark("?")]
    if not asks:
        return None
    for n, inner in _depths(expression):
        if inner or n <= asks[0]:
            continue
        if expression[n].is_mark("?"):
            depth += 1
        elif expression[n].is_mark(":"):
            if not depth:
                return expression[: asks[0]], expression[asks[0] + 1 : n], expression[n + 1 :]
            depth -= 1
    return None


def _inside(expression: Tokens, bracket: str) -> Tokens | None:
    is_whole = (
        expression and expression[0].is_mark(bracket) and _closing(expression, 0) == len(expression) - 1
    )
    if not is_whole:
        return None
    inner = _trimmed(expression[1:-1])
    return None if inner and inner[0].kind == "name" and inner[0].text == "for" else inner


def split(expression: Tokens, *marks: str) -> list[Tokens]:
    """Cut an expression at marks that stand in no bracket; what is empty is left out."""
    found, start = list[Tokens](), 0
    for at, depth in _depths(expression):
        if not depth and expression[at].text in marks and expression[at].kind in ("mark", "line"):
            found.append(expression[start:at])
            start = at + 1
    found.append(expression[start:])
    return [one for one in map(_trimmed, found) if one]


def _depths(expression: Tokens) -> Iterator[tuple[int, int]]:
    """Give each place and in how many brackets it stands."""
    depth = 0
    for at, token in enumerate(expression):
        if token.is_mark(*CLOSED):
            depth -= 1
        yield at, depth
        if token.is_mark(*OPEN):
            depth += 1


def references_in(expression: Tokens) -> Iterator[Reference]:
    """Give every reference in an expression, also those in texts and in keys, and single names."""
    at = 0
    while at < len(expression):
        token = expression[at]
        if token.kind == "name" and not _is_step(expression, at):
            found, end = reference_at(expression, at)
            yield found
            for key in found.keys:
                yield from references_in(key)
            at = max(end, at + 1)
            continue
        for part in token.parts:
            yield from references_in(part)
        at += 1


def _is_step(expression: Tokens, at: int) -> bool:
    return at > 0 and expression[at - 1].is_mark(".")


def functions_in(expression: Tokens) -> Iterator[str]:
    """Give the names of the functions that an expression calls."""
    for at, token in enumerate(expression):
        for part in token.parts:
            yield from functions_in(part)
        if token.kind == "name" and at + 1 < len(expression) and expression[at + 1].is_mark("("):
            yield token.text


def calls_in(expression: Tokens) -> Iterator[Tokens]:
    """Give every call of a function in an expression, with those in its arguments."""
    for at, token in enumerate(expression):
        for part in token.parts:
            yield from calls_in(part)
        if token.kind == "name" and at + 1 < len(expression) and expression[at + 1].is_mark("("):
            yield expression[at : _closing(expression, at + 1) + 1]


ARITHMETIC = ("+", "-", "*", "/", "%", "(", ")")


def is_arithmetic(expression: Tokens) -> bool:
    """Say whether an expression is unknown as soon as anything in it is: sums and texts, no choice."""
    return all(_is_plain(token) for token in expression)


def _is_plain(token: Token) -> bool:
    return token.kind in ("name", "number", "line", "text") or token.is_mark(*ARITHMETIC, ".", "[", "]")
