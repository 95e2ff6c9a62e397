"""A scenario's file over the one that it extends, with the files that both name."""

from __future__ import annotations

from pathlib import Path

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.scenario.document.capacity_machine import remembering
from costplan.scenario.document.files import (
    MAX_EXTENDS,
    Document,
    extended_document,
    project_root,
)
from costplan.scenario.document.measured import Resolver
from costplan.scenario.document.overrides import (
    merged,
)
from costplan.scenario.document.stated_twice import check_document
from costplan.scenario.quota_export import with_exported_quotas
from costplan.source.reader import Mapping, Scalar


def resolve_extends(document: Document) -> Mapping:
    """Follow `extends` and lay the documents over each other.

    Raises:
        InputError: The chain is a circle or too long, or a document is not there.
    """
    root = project_root(document.path)
    layers = layers_of(document)
    for layer in layers:
        check_document(layer.node)
    nodes = [with_files(layer.node, layer.path, root) for layer in layers]
    result = nodes[-1]
    for node in reversed(nodes[:-1]):
        result = remembering(result, merged(result, node))
    entries = {key: value for key, value in result.entries.items() if key != "extends"}
    return Mapping(entries, result.key_places, result.place)


def layers_of(document: Document) -> list[Document]:
    """Return a document and those that it extends, each below the one before.

    Raises:
        InputError: The chain is a circle or too long, or a document is not there.
    """
    root = project_root(document.path)
    layers = [document]
    seen = {document.shown_as}
    while (reference := layers[-1].node.entries.get("extends")) is not None:
        if not isinstance(reference, Scalar) or not reference.value:
            raise InputError(Fault("must name one scenario", reference.mark, "extends"))
        base = extended_document(layers[-1], reference, root)
        if base.shown_as in seen:
            raise InputError(
                Fault(Reason("`{name}` extends itself in a circle", base.shown_as), reference.mark, "extends")
            )
        if len(layers) >= MAX_EXTENDS:
            raise InputError(
                Fault(
                    Reason("more than {most} scenarios extend each other", MAX_EXTENDS),
                    reference.mark,
                    "extends",
                )
            )
        seen.add(base.shown_as)
        layers.append(base)
    return layers


def with_files(node: Mapping, path: Path | None, root: Path) -> Mapping:
    """Put figures in place of the files that a document names, relative to its own folder."""
    folder = path.parent if path is not None else root
    resolved = Resolver(folder, root).resolved(node)
    assert isinstance(resolved, Mapping)
    return with_exported_quotas(resolved, folder, root)
