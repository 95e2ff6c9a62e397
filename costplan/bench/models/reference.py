"""Right answers computed once with ONNX Runtime, by one thread, apart from the session under test."""

from __future__ import annotations

from costplan.bench.models.answers import AnswerCheck, sameness_of
from costplan.bench.models.probe import wrapped
from costplan.bench.models.session import open_session
from costplan.bench.models.workload import Workload
from costplan.messages.errors import InputError


def reference_check(workload: Workload) -> AnswerCheck:
    """Run every distinct request once, and the first twice; the model must have passed `inspect_model`."""
    if workload.facts is None:
        raise InputError("right answers are computed from a model file, and none was given")
    session = open_session(workload.facts.path)
    names = [output.name for output in session.get_outputs()]
    ports = workload.facts.inputs
    again, *answers = (
        dict(zip(names, session.run(None, wrapped(feed, ports)), strict=True))
        for feed in (workload.feeds[0], *workload.feeds)
    )
    return AnswerCheck(answers, sameness_of(again, answers[0]))
