"""Keys of instances as they stand in addresses."""

from __future__ import annotations

HIDDEN_IN_GO = True
"""The evaluator writes control characters as Go does: `\\x1b`; Terraform writes `\\u001b`."""
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_SHORT_IN_GO = _SHORT | {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def bracketed(key: int | str | None, in_go: bool = False) -> str:
    """Write a key in brackets: `[0]`, `["a"]`; nothing for none."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    quoted = "".join(_quoted(character, in_go) for character in key)
    if not in_go:
        quoted = quoted.replace("${", "$${").replace("%{", "%%{")
    return f'["{quoted}"]'


def _quoted(character: str, in_go: bool) -> str:
    short = (_SHORT_IN_GO if in_go else _SHORT).get(character)
    if short is not None:
        return short
    if character.isprintable():
        return character
    code = ord(character)
    if in_go and code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
