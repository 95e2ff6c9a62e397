"""Right answers computed once with ONNX Runtime, by one thread, apart from the session under test."""

from __future__ import annotations

from collections.abc import Sequence

from costplan.bench.models.answers import Answer
from costplan.bench.models.probe import wrapped
from costplan.bench.models.session import open_session
from costplan.bench.models.workload import Workload
from costplan.messages.errors import InputError


def reference_answers(workload: Workload) -> Sequence[Answer]:
    """Run every distinct request once; the model must have passed `inspect_model`."""
    if workload.facts is None:
        raise InputError("right answers are computed from a model file, and none was given")
    session = open_session(workload.facts.path)
    names = [output.name for output in session.get_outputs()]
    ports = workload.facts.inputs
    runs = (session.run(None, wrapped(feed, ports)) for feed in workload.feeds)
    return [dict(zip(names, outputs, strict=True)) for outputs in runs]
