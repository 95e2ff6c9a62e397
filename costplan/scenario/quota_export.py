"""What an account may use, as the provider's command line exports it.

yc quota-manager quota-limit list --service compute --resource-type resource-manager.cloud
    --resource-id CLOUD --format json > compute.json

    quotas: {file: compute.json}

Source: the provider's published API, quotamanager/v1/quota_limit_service.proto: `quota_limits` of `quota_id`,
`limit` and `usage`, sizes in bytes. The REST interface writes the same names as `quotaLimits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from costplan.messages.errors import Fault, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.quantities.units import SIZE_UNITS
from costplan.scenario.document.files import safe_path
from costplan.scenario.document.overrides import merged
from costplan.source.reader import Mapping, Node, Place, Scalar, read_yaml
from costplan.source.reader import Sequence as ListNode

QUOTAS = "quotas"
FILE = "file"
MAX_EXPORTS = 50
"""Most files of one scenario: the provider has about as many services with quotas."""
HOW = "yc quota-manager quota-limit list --service compute ... --format json"


class ExportedQuota(Scalar):
    """A quota out of an export: one that the catalog does not know is no mistake of the user's."""

    __slots__ = ()


def with_exported_quotas(node: Mapping, folder: Path, root: Path) -> Mapping:
    """Put the quotas of the files that a document names in their place, below those that it states itself.

    Args:
        node: The document.
        folder: Where relative paths begin: that of the document.
        root: Folder that paths must not leave.

    Raises:
        InputError: A file cannot be read or is no export.
    """
    quotas = node.entries.get(QUOTAS)
    if not isinstance(quotas, Mapping) or FILE not in quotas.entries:
        return node
    files = quotas.entries[FILE]
    found = Mapping({}, {}, quotas.place)
    for name in files.items if isinstance(files, ListNode) else [files]:
        if not isinstance(name, Scalar) or not name.value:
            raise InputError(Fault("must name an export of quotas", name.mark, f"{QUOTAS}.{FILE}", HOW))
        path = safe_path(name.value, folder, root, name.mark, at=f"{QUOTAS}.{FILE}")
        found = merged(found, exported_quotas(path, name.value))
    stated = {key: value for key, value in quotas.entries.items() if key != FILE}
    own = Mapping(stated, {key: quotas.key_places[key] for key in stated}, quotas.place)
    return Mapping({**node.entries, QUOTAS: merged(found, own)}, node.key_places, node.place)


def with_quota_files(document: Mapping, files: Sequence[Path]) -> Mapping:
    """Lay exports that the command line names over all that a document says of quotas."""
    for path in files[:MAX_EXPORTS]:
        quotas = exported_quotas(path, str(path))
        below = document.entries.get(QUOTAS)
        stated = below if isinstance(below, Mapping) else Mapping({}, {}, quotas.place)
        kept = {key: value for key, value in stated.entries.items() if key not in quotas.entries}
        places = {key: stated.key_places[key] for key in kept}
        last = Mapping({**kept, **quotas.entries}, {**places, **quotas.key_places}, quotas.place)
        entries, keys = dict(document.entries), dict(document.key_places)
        entries[QUOTAS], keys[QUOTAS] = last, keys.get(QUOTAS, quotas.place)
        document = Mapping(entries, keys, document.place)
    return document


def exported_quotas(path: Path, shown_as: str) -> Mapping:
    """Read an export: quota id -> its limit, sizes with their unit.

    Raises:
        InputError: With every fault of the file.
    """
    node = read_yaml(path, shown_as=visible(shown_as))
    key = next((key for key in ("quota_limits", "quotaLimits") if key in node.entries), None)
    rows = node.entries[key] if key is not None else None
    if not isinstance(rows, ListNode):
        at, mark = (key, rows.mark) if key is not None and rows is not None else ("", node.mark)
        message = "must be a list of quotas" if at else "is no export of quotas: it has no `quota_limits`"
        raise InputError(Fault(message, mark, at or "", HOW))
    faults: list[Fault] = []
    entries: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for position, row in enumerate(rows.items):
        found = _row(row, f"{key}[{position}]", faults)
        if found is None:
            continue
        name, limit = found
        if name in entries:
            faults.append(
                Fault(Reason("`{name}` appears twice", visible(name[:64])), row.mark, f"{key}[{position}]")
            )
        entries[name], places[name] = limit, row.place
    if faults:
        raise InputError(faults)
    return Mapping(entries, places, node.place)


def _row(row: Node, at: str, faults: list[Fault]) -> tuple[str, ExportedQuota] | None:
    """Read one quota; None for a fault, and for one without a figure."""
    if not isinstance(row, Mapping):
        faults.append(Fault("must be a mapping with `quota_id` and `limit`", row.mark, at))
        return None
    name = row.entries.get("quota_id", row.entries.get("quotaId"))
    if not isinstance(name, Scalar) or not name.value:
        faults.append(Fault("missing `quota_id`", row.mark, at))
        return None
    limit = row.entries.get("limit")
    if limit is None or (isinstance(limit, Scalar) and limit.value is None):
        return None
    try:
        if not isinstance(limit, Scalar):
            raise ValueError("must be a number")
        return name.value, ExportedQuota(_limit(name.value, limit.value or ""), limit.place)
    except ValueError as error:
        faults.append(Fault(str(error), limit.mark, f"{at}.limit"))
        return None


def _limit(name: str, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(Reason("is not a number: `{value}`", visible(text[:40]))) from None
    if not number.is_finite() or number < 0 or number > Decimal("1e18"):
        raise ValueError(Reason("is no quota: `{value}`", visible(text[:40])))
    return _size(Fraction(number)) if name.endswith(".size") else f"{number.normalize():f}"


def _size(size: Fraction) -> str:
    """Write bytes in the largest unit that needs no fraction: `128 GB`."""
    for unit in ("TB", "GB", "MB", "KB"):
        if size and not size % SIZE_UNITS[unit]:
            return f"{size / SIZE_UNITS[unit]} {unit}"
    return f"{int(size)} B"
