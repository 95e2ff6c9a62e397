"""Keep the catalogs of translations in step with the code: `python tools/messages.py` says what is missing.

`--write` adds new messages to each catalog, untranslated, and takes out those that no code asks for.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from typer import Typer

ROOT = Path(__file__).parents[1]
FOLDER = "costplan"
LOCALES = ROOT / "costplan" / "language" / "locale"

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
"""Date in the heading of a catalog: that of the last change is in the history."""

Key = str | tuple[str, str]
"""A message, or its singular and plural."""


def messages() -> list[Key]:
    """Return every message that the code asks for, in the order of the code, each once."""
    from costplan.cli.help_language import help_messages
    from costplan.language.terms import VOCABULARIES
    from costplan.resources.kinds import KINDS
    from costplan.resources.workload import Workload
    from costplan.scenario.reference import kind_summary
    from costplan.source.field_texts import field_texts

    found: dict[Key, None] = {}
    for path in sorted((ROOT / FOLDER).rglob("*.py")):
        is_said = path.relative_to(ROOT / FOLDER).parts[0] not in SILENT
        found |= dict.fromkeys(messages_of(path.read_text(encoding="utf-8"), path.name, errors=is_said))
    found |= dict.fromkeys(shipped_texts())
    found |= dict.fromkeys(price_name_parts())
    found |= dict.fromkeys(bound_names())
    found |= dict.fromkeys(help_messages(help_texts()))
    found |= dict.fromkeys(kind_summary(kind) for kind in KINDS)
    found |= dict.fromkeys(field_texts(Workload).values())  # comments in the file of a new scenario
    found |= dict.fromkeys(kind_texts())
    for vocabulary in VOCABULARIES:
        found |= dict.fromkeys(word for word in vocabulary.values() if word)
    return list(found)


def shipped_texts() -> Iterator[str]:
    """Give what the shipped scenarios say in English: reasons, and the parts of names on their bills."""
    from costplan.inputs.bundles import Changes, Layers
    from costplan.inputs.scenarios import loaded_scenarios
    from costplan.pricing.engine import price_scenario

    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from _assumed(document)
        names = [path.stem, *(f"{path.stem}:{variant}" for variant in document.get("variants", ()))]
        for scenario in loaded_scenarios(names, Layers(), Changes()):
            estimate = price_scenario(scenario)
            lines = [line.name for resource in estimate.resources for line in resource.line_items]
            for name in [*lines, *(part.name for part in estimate.unpriced)]:
                yield from _worded_parts(name)
            yield from (part.reason for part in estimate.unpriced)


def price_name_parts() -> Iterator[str]:
    """Give the parts of the names of all prices of the shipped catalog, which are said part by part."""
    from costplan.catalog.store import Catalog

    catalog = Catalog.shipped()
    for name in catalog.service_names:
        service = catalog.service(name)
        for priced in (*service.skus, *service.known_missing):
            yield from _worded_parts(priced.name)


def bound_names() -> Iterator[str]:
    """Give the names of all quotas and limits of the shipped catalog."""
    from costplan.catalog.store import Catalog

    catalog = Catalog.shipped()
    for name in catalog.bounded_services:
        yield from (bound.name for bound in (*catalog.quotas(name), *catalog.limits(name)))


def _worded_parts(name: str) -> Iterator[str]:
    yield from (part for part in name.split(", ") if re.search("[a-z]{3}", part))


def help_texts() -> Iterator[str]:
    """Give every text of help: of commands, of what they take, of groups and panels."""
    from costplan.cli.app import command_tree
    from costplan.cli.registry import COMMANDS, PANELS, Group

    yield from PANELS
    for name, entry in COMMANDS.items():
        yield from _texts_of_help(command_tree([name]))
        if isinstance(entry, Group):
            yield from _texts_of_help(command_tree([name, *entry.commands]))
    yield from _texts_of_help(command_tree([]))


def _texts_of_help(app: Typer) -> Iterator[str]:
    """Give what the commands of Typer say, before Typer makes them."""
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from _texts_of_help(group.typer_instance)
    info = app.info
    yield from (text for text in (info.help, info.epilog) if isinstance(text, str))
    yield from (one.epilog for one in app.registered_commands if isinstance(one.epilog, str))
    callbacks = [app.registered_callback, *app.registered_commands]
    for one in callbacks:
        if one is not None and one.callback is not None:
            yield one.callback.__doc__ or ""
            yield from _texts_of_parameters(one.callback)


def _texts_of_parameters(callback: Callable[..., object]) -> Iterator[str]:
    """Give what a function's parameters say in help."""
    for parameter in signature(callback).parameters.values():
        for marker in (parameter.default, *getattr(parameter.annotation, "__metadata__", ())):
            yield from [marker.help] if isinstance(getattr(marker, "help", None), str) else []


def kind_texts() -> Iterator[str]:
    """Give what `costplan scenario kind` says: meanings of keys, and the words of their types."""
    from costplan.resources.kinds import KINDS
    from costplan.scenario.reference import BY_NAME, LIST, kind_keys, split_type

    for kind in KINDS:
        for key in kind_keys(kind):
            if key.name == "kind":
                continue
            yield key.meaning
            head, rest = split_type(key.type)
            while head in (LIST, BY_NAME):
                head, rest = split_type(rest)
            if not head:
                yield rest


def _assumed(node: object) -> Iterator[str]:
    """Give the reasons of what a document assumes."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("assumed", "reason") and isinstance(value, str):
                yield value
            yield from _assumed(value)
    elif isinstance(node, list):
        for item in node:
            yield from _assumed(item)


ERRORS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("CostplanError", "InputError", "CatalogError", "ValueError", "MissingExtraError"), (0,)),
    **dict.fromkeys(("UnreachableError", "NotPiecewiseLinearError", "_error", "_unusable"), (0,)),
    **dict.fromkeys(
        ("MissingInputError", "UnfitInputError", "constraint", "unknown_name", "_scalar_text", "_quantity"),
        (1,),
    ),
    **dict.fromkeys(("Fault", "Refusal"), (0, 3)),
    **dict.fromkeys(("Problem", "fault", "_fault", "_leads_nowhere"), (1, 2)),
    **dict.fromkeys(("refuse", "end", "_refuse"), (0, 2)),
    **dict.fromkeys(("Finding", "_with_unit"), (2,)),
    "check_value": (0, 3),
    "_read_quantity": (3,),
}
"""What makes errors, with the places of the texts among its arguments; a hint may also be named."""
SILENT = ("protocols", "service")
"""Folders whose errors are answers to programs, or lines of a server's log."""


def messages_of(code: str, name: str = "<code>", *, errors: bool = True) -> Iterator[Key]:
    """Find `words("...")`, `words.spans("...")`, `words.many("...", "...")` and `Reason("...")` in code,
    and what errors are made of.

    Raises:
        ValueError: A message cannot be told from the code.
    """
    tree = ast.parse(code)
    anywhere, in_scope = _assigned(ast.walk(tree)), _assigned_by_scope(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        kind = _kind(node)
        texts = [list(_texts(one, anywhere)) for one in node.args[: {"one": 1, "many": 2}.get(kind, 0)]]
        if not all(texts):
            raise ValueError(f"{name}:{node.lineno}: the message is not a text: {ast.unparse(node)[:80]}")
        if kind == "many":
            yield (texts[0][0], texts[1][0])
        elif kind:
            yield from filter(_has_words, texts[0]) if _called(node) == "Reason" else texts[0]
        elif errors:
            yield from filter(_has_words, _error_texts(node, in_scope[node], name))


def _assigned_by_scope(tree: ast.AST) -> dict[ast.AST, dict[str, list[ast.expr]]]:
    """Return for each node what names were given in its function, and in the module."""
    top = _assigned(ast.iter_child_nodes(tree))
    found = dict.fromkeys(ast.walk(tree), top)
    for scope in ast.walk(tree):  # outer functions come before those inside them
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found |= dict.fromkeys(ast.walk(scope), top | _assigned(ast.walk(scope)))
    return found


def _has_words(text: str) -> bool:
    """Say whether a message has words besides its fields, options and code: not `{option}: {why}`."""
    return re.search("[A-Za-z]|->", re.sub(r"{\w*}|`[^`]*`|--[a-z-]+", "", text)) is not None


def _error_texts(call: ast.Call, assigned: dict[str, list[ast.expr]], name: str) -> Iterator[str]:
    """Give what an error says where that is written out in its call.

    Raises:
        ValueError: A sentence is put together there, so that nobody can translate it.
    """
    places = ERRORS.get(_called(call), ())
    arguments = [call.args[place] for place in places if place < len(call.args)]
    named = ("hint", "message") if places else ("hint",)
    arguments += [one.value for one in call.keywords if one.arg in named]
    for node in [found for argument in arguments for found in _alternatives(argument, assigned)]:
        if isinstance(node, (ast.JoinedStr, ast.BinOp)) and any(map(_has_words, _pieces(node))):
            raise ValueError(f"{name}:{node.lineno}: is a sentence, not a Reason: {ast.unparse(node)[:80]}")
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _pieces(node: ast.expr) -> Iterator[str]:
    """Give the written-out pieces of a text that is put together."""
    for piece in ast.walk(node):
        if isinstance(piece, ast.Constant) and isinstance(piece.value, str):
            yield piece.value


def _alternatives(
    node: ast.expr, assigned: dict[str, list[ast.expr]], seen: frozenset[str] = frozenset()
) -> Iterator[ast.expr]:
    """Give what an argument may be: both sides of a choice, what a name was given."""
    if isinstance(node, ast.IfExp):
        yield from _alternatives(node.body, assigned, seen)
        yield from _alternatives(node.orelse, assigned, seen)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _alternatives(value, assigned, seen)
    elif isinstance(node, ast.Name) and node.id not in seen:
        for value in assigned.get(node.id, []):
            yield from _alternatives(value, assigned, seen | {node.id})
    else:
        yield node


def _called(call: ast.Call) -> str:
    """Return the last name of what is called."""
    function = call.func
    return getattr(function, "attr", "") or getattr(function, "id", "")


def _kind(node: ast.Call) -> str:
    """Return how `words` is called: `one`, `many`; nothing for another call."""
    function = node.func
    if isinstance(function, ast.Name) and function.id in ("words", "Reason"):
        return "one" if node.args else ""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        known = {"spans": "one", "many": "many"}
        return known.get(function.attr, "") if function.value.id == "words" else ""
    return ""


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """Return what is assigned to names: `message = "..." if ... else "..."`."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _texts(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    """Return the texts that an argument may be."""
    for found in _alternatives(node, assigned if getattr(node, "id", "") == "message" else {}):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


def catalogs() -> dict[str, Path]:
    """Return the catalogs by language."""
    return {path.parts[-3]: path for path in sorted(LOCALES.glob("*/LC_MESSAGES/costplan.po"))}


def read(path: Path) -> Catalog:
    """Read a catalog."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def differences(catalog: Catalog) -> tuple[list[Key], list[Key]]:
    """Return the messages that a catalog lacks or has not translated, and those that no code asks for."""
    wanted = messages()
    has = {message.id: message for message in catalog if message.id}
    missing = [key for key in wanted if key not in has or not _is_translated(has[key])]
    return missing, [key for key in has if key not in set(wanted)]


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return bool(texts) and all(texts)


def main() -> int:
    """Print what is not in step; with `--write`, bring it into step as far as that goes."""
    is_wrong = False
    for language, path in catalogs().items():
        catalog = read(path)
        missing, unused = differences(catalog)
        for kind, keys in (("missing", missing), ("unused", unused)):
            for key in keys:
                sys.stdout.write(f"{language}: {kind}: {key if isinstance(key, str) else key[0]}\n")
        is_wrong = is_wrong or bool(missing or unused)
        if "--write" in sys.argv:
            _write(catalog, path)
    return int(is_wrong)


def blank(language: str) -> Catalog:
    """Return an empty catalog whose heading says the same each time."""
    return Catalog(
        locale=language,
        header_comment="# Texts of all commands; `python tools/messages.py --write` brings them into step.",
        project="costplan",
        version="1",
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="costplan",
        language_team="costplan",
        msgid_bugs_address="SECURITY.md",
        fuzzy=False,
    )


def _write(catalog: Catalog, path: Path) -> None:
    old = {message.id: message.string for message in catalog if message.id}
    new = blank(path.parts[-3])
    for key in messages():
        new.add(key, old.get(key, ""))
    with path.open("wb") as file:
        write_po(file, new, width=110)


if __name__ == "__main__":
    sys.exit(main())
