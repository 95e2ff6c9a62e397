"""Paths that name a resource by its address in Terraform: `resources.yandex_compute_disk.data.disk.size`."""

from __future__ import annotations

from costplan.source.reader import Mapping, to_plain

_START = "resources."


def by_name(path: str, document: Mapping) -> str:
    """Return a path, or `path=value`, with the name of the resource in place of its address.

    Args:
        path: Stays as it is where no address begins it.
        document: A scenario; its section `terraform` says which resource bills which address.
    """
    section = document.entries.get("terraform")
    rows = section.entries.get("resources") if isinstance(section, Mapping) else None
    if not path.startswith(_START) or not isinstance(rows, Mapping):
        return path
    asked = path.removeprefix(_START)
    for address in sorted(rows.entries, key=len, reverse=True):
        if asked.startswith(f"{address}."):
            row = to_plain(rows.entries[address])
            names = row.get("resources") if isinstance(row, dict) else None
            return f"{_START}{names[0]}{asked.removeprefix(address)}" if names else path
    return path
