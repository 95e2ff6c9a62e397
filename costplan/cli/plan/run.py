"""Run `costplan plan`: load, search, answer, write the chosen design."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from costplan.analysis.plan.documents import Plan
from costplan.cli.options import Answer
from costplan.cli.output import check_places, show, write
from costplan.cli.places import SCENARIO_ENDINGS
from costplan.cli.report.progress import ReportProgress
from costplan.inputs.bundles import STAGES, Changes, Layers, Prices
from costplan.inputs.plan import PlanRequest, plan_of
from costplan.inputs.scenarios import loaded_scenarios
from costplan.messages.errors import ExitCode
from costplan.messages.reason import Reason
from costplan.scenario.export import design_document
from costplan.scenario.loaded import LoadedScenario

QUIET_S = 2.0
"""Shorter searches show no progress."""


def run(
    references: Sequence[str],
    request: PlanRequest,
    answer: Answer,
    changes: Changes,
    prices: Prices,
    layers: Layers,
) -> int | None:
    """Plan and answer."""
    check_places(answer.form, answer.path, force=answer.force, others=SCENARIO_ENDINGS)
    found = loaded_scenarios(list(references) or STAGES, layers, changes, request.variants)
    progress = SearchProgress()
    with progress:
        plan, design = plan_of(found, request, prices, progress.step)
    _answer(plan, design, references or STAGES, answer)
    if any(search.stopped_early for search in plan.search):
        return ExitCode.INTERRUPTED
    return None if plan.chosen is not None else ExitCode.NO


def _answer(plan: Plan, design: LoadedScenario | None, references: Sequence[str], answer: Answer) -> None:
    form, path, force = answer
    if path is not None and path.suffix.lower() in SCENARIO_ENDINGS:
        show(plan, form, None, force)
        if design is not None:
            names = {reference.partition(":")[0]: reference for reference in references}
            base = next((n for n in names if Path(n).stem == design.model.scenario), next(iter(names)))
            write(design_document(design, base, path, plan.chosen or ""), path, force=force)
        return
    show(plan, form, path, force)


class SearchProgress(ReportProgress):
    """Shows how far a search is once it has taken a while."""

    def __init__(self) -> None:
        super().__init__()
        import time

        self._clock = time.monotonic
        self._begun = self._shown = self._clock()

    def step(self, what: str, done: int, whole: int) -> None:
        """Show a step, at most five times per second."""
        if not self.is_shown:
            return
        now = self._clock()
        if now - self._begun > QUIET_S and now - self._shown > 0.2:
            self._shown = now
            self(Reason("{step}: {done} of {whole}; Ctrl-C ends with the best so far", what, done, whole))
