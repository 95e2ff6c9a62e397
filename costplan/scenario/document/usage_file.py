"""What is known besides a plan of Terraform: the file behind `--workload`.

A whole scenario, of which the workload is taken, or a file of usage:

    workload: {monthly_requests: 5M/month, request_duration: 150 ms}
    usage:
      yandex_storage_bucket.media: {size: 100 GB, get_requests: 1M/month}
"""

from __future__ import annotations

from pathlib import Path

from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.scenario.document.capacity_machine import remembering
from costplan.scenario.document.files import Document, open_document
from costplan.scenario.document.layers import resolve_extends
from costplan.source.reader import Mapping, Scalar, mark_of
from costplan.terraform.usage import Usage

WORKLOAD, USAGE = "workload", "usage"
SCENARIO_KEYS = ("scenario", "extends")


def read_usage(path: Path, requests: str | None = None) -> Usage:
    """Read the file behind `--workload`.

    Args:
        path: Of the file, or the name of a shipped scenario.
        requests: Requests a month that the command line states: they count as stated here.

    Raises:
        InputError: It cannot be read, or says something else.
    """
    document = open_document(str(path))
    whole = resolve_extends(Document(document.node, document.path, document.shown_as))
    is_scenario = any(key in document.node.entries for key in SCENARIO_KEYS)
    if not is_scenario:
        _check_keys(whole)
    by_address = None if is_scenario else _section(whole, USAGE)
    return Usage(_with_requests(_section(whole, WORKLOAD), requests), by_address)


def usage_beside(workload: Path | None, requests: str | None) -> Usage:
    """Return what `--workload` and `--requests` say beside a plan of Terraform.

    Raises:
        InputError: The file cannot be read, or says something else.
    """
    return Usage(_with_requests(None, requests)) if workload is None else read_usage(workload, requests)


def open_with_usage(
    name: str, workload: Path | None = None, requests: str | None = None
) -> tuple[Document, Mapping]:
    """Read a scenario with what `--workload` and `--requests` say of its usage.

    Returns:
        The file, and the document with all that it extends.

    Raises:
        InputError: One of them cannot be read, or they do not go together.
    """
    usage = read_usage(workload, requests) if workload is not None else None
    document = open_document(name, usage or usage_beside(None, requests))
    whole = resolve_extends(document)
    if usage is None or document.is_plan:
        return document, whole
    if usage.by_address is not None:
        message = Reason("`usage` is for a plan of Terraform; `{name}` is a scenario", visible(name[:80]))
        raise InputError(Fault(message, usage.by_address.mark, USAGE))
    if usage.workload is None:
        return document, whole
    entries = {**whole.entries, WORKLOAD: usage.workload}
    places = {**whole.key_places, WORKLOAD: usage.workload.place}
    return document, remembering(whole, Mapping(entries, places, whole.place))


def _check_keys(whole: Mapping) -> None:
    known = (WORKLOAD, USAGE)
    faults = [
        Fault(
            "unknown key",
            mark_of(whole.key_places[key]),
            visible(key[:80]),
            did_you_mean(key, known) or Reason("known keys: {choices}", choices=listed(known)),
        )
        for key in whole.entries
        if key not in known
    ]
    if faults:
        raise InputError(faults)


def _section(whole: Mapping, key: str) -> Mapping | None:
    found = whole.entries.get(key)
    if found is None or (isinstance(found, Scalar) and found.value is None):
        return None
    if not isinstance(found, Mapping):
        raise InputError(Fault(Reason("must be a mapping"), found.mark, key))
    return found


def _with_requests(workload: Mapping | None, requests: str | None) -> Mapping | None:
    if requests is None:
        return workload
    from costplan.terraform.document import LOAD, mapping
    from costplan.terraform.planned import unnumbered

    place = unnumbered("--requests")
    stated = mapping({LOAD: Scalar(requests, place)}, place)
    if workload is None:
        return stated
    return Mapping(
        {**workload.entries, **stated.entries}, {**workload.key_places, **stated.key_places}, workload.place
    )
