"""Target `onnxruntime`: any ONNX model in this process, threads set from what this process may really use."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any, ClassVar

from costplan.bench.models.answers import AnswerCheck
from costplan.bench.models.on_provider import described, doubts_of, profiled_kernels
from costplan.bench.models.probe import wrapped
from costplan.bench.models.reference import reference_check
from costplan.bench.models.session import open_session, ports_of
from costplan.bench.models.workload import Workload, expected_answers, workload_of_model
from costplan.bench.target import ColdStart, LocalPlan, ServerCpu, ServerStatistics, TargetDescription
from costplan.bench.targets.options import TargetOptions
from costplan.cpus import usable_cpus
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.service.providers import check_installed, versions_of


class OnnxRuntimeTarget:
    """ONNX Runtime in process, on the CPU or on another of its execution providers."""

    name: ClassVar[str] = "onnxruntime"

    def __init__(self, options: TargetOptions) -> None:
        self.options = options
        self.threads = options.threads or usable_cpus()
        if self.threads < 1 or self.threads > 1024:
            raise InputError(Reason("threads must be from 1 to 1024, got {threads}", str(self.threads)))
        if options.sessions is not None and not 1 <= options.sessions <= 1024:
            raise InputError(Reason("sessions must be from 1 to 1024, got {sessions}", str(options.sessions)))
        self._workload: Workload | None = None
        self._session: Any = None
        self._more: list[Any] = []
        """Sessions beside the first, where several answer at the same time."""
        self._answers = AnswerCheck([])
        self._names: list[str] = []
        self._kernels: dict[str, int] = {}
        """Steps of a run by provider; empty on the CPU, which runs all of them."""

    def start(self) -> ColdStart:
        """Open the model under guard, then here; compute the right answers by a session of their own.

        Raises:
            InputError: The model is refused or does not run (see `inspect_model`), or the provider is not
                there, does not start, or runs no part of it.
        """
        check_installed(self.options.provider)
        self._workload = workload_of_model(self.options.inputs)
        given = expected_answers(self.options.inputs)
        self._answers = AnswerCheck(given) if given else reference_check(self._workload)
        with tempfile.TemporaryDirectory(prefix="costplan-bench-") as folder:
            return self._open(Path(folder) if self.options.provider != "cpu" else None)

    def _open(self, profile: Path | None) -> ColdStart:
        """Open the sessions and answer one request, profiled to see which provider really runs the model."""
        started = time.perf_counter()
        self._session = self._opened(profile)
        loaded = time.perf_counter()
        for _ in range((self.options.sessions or 1) - 1):
            self._more.append(self._opened())
        asked = time.perf_counter()
        self._names = [output.name for output in self._session.get_outputs()]
        self._calls()[0]()
        ended = time.perf_counter()
        if profile is not None:
            self._kernels = profiled_kernels(self.options.provider, self._session)
        return ColdStart(load_ms=(loaded - started) * 1e3, first_request_ms=(ended - asked) * 1e3)

    def _opened(self, profile: Path | None = None) -> Any:
        return open_session(
            str(self.options.inputs.model),
            threads=self.threads,
            is_spinning=self.options.is_spinning,
            provider=self.options.provider,
            profile=profile,
        )

    def plan(self) -> LocalPlan:
        """Return one call per distinct request; a reply is (request, outputs)."""
        return LocalPlan(self._calls(), self._check)

    def statistics(self) -> ServerStatistics | None:
        """No queue in this process: nothing to split."""
        return None

    def cpu(self) -> ServerCpu | None:
        """Inference is all there is in this process, beside the generator."""
        return None

    def describe(self) -> TargetDescription:
        """Say what is being measured."""
        import onnxruntime

        workload, session = self._started()
        facts = workload.facts
        outputs = [
            {"name": port.name, "datatype": port.datatype, "shape": list(port.shape or ())}
            for port in ports_of(session.get_outputs())
        ]
        return TargetDescription(
            target=self.name,
            server=f"onnxruntime {onnxruntime.__version__}",
            model_name=facts.path.rpartition("/")[2] if facts else "",
            model_sha256=facts.sha256 if facts else None,
            inputs=workload.described_inputs(),
            inputs_from=workload.source,
            items=workload.items,
            item=workload.item,
            outputs=outputs,
            versions={"onnxruntime": onnxruntime.__version__}
            | versions_of(self.options.provider)
            | _opsets(workload),
            settings={
                **described(self.options.provider, self._kernels),
                "providers": session.get_providers(),
                "intra_op_threads": self.threads,
                "sessions": 1 + len(self._more),
                "inter_op_threads": 1,
                "spinning": self.options.is_spinning,
                "graph_optimization": "all",
                "distinct_requests": len(workload.feeds),
                "seed": self.options.inputs.seed,
                "peak_memory_bytes": facts.peak_memory_bytes if facts else None,
            },
            doubts=(
                *workload.doubts,
                *self._answers.doubts,
                *doubts_of(self.options.provider, self._kernels),
            ),
        )

    def stop(self) -> None:
        """Let the sessions go, and their threads with them."""
        self._session = None
        self._more.clear()

    def _calls(self) -> Sequence[Callable[[], object]]:
        workload, _ = self._started()
        run, ports = self._runner(), workload.ports
        feeds = [wrapped(dict(feed), ports) for feed in workload.feeds]

        def call_of(index: int, feed: dict[str, Any]) -> Callable[[], object]:
            return lambda: (index, run(None, feed))

        return [call_of(index, feed) for index, feed in enumerate(feeds)]

    def _runner(self) -> Callable[[None, dict[str, Any]], object]:
        """Return what runs a request: the one session, or whichever of several is free."""
        _, session = self._started()
        if self.options.sessions is None:
            run: Callable[[None, dict[str, Any]], object] = session.run
            return run
        free: SimpleQueue[Any] = SimpleQueue()
        for one in (session, *self._more):
            free.put(one)

        def run_on_free(names: None, feed: dict[str, Any]) -> object:
            taken = free.get()
            try:
                return taken.run(names, feed)
            finally:
                free.put(taken)

        return run_on_free

    def _check(self, reply: object) -> str | None:
        if not isinstance(reply, tuple):
            return "not an answer of this target"
        index, outputs = reply
        return self._answers.find_fault(index, dict(zip(self._names, outputs, strict=True)))

    def _started(self) -> tuple[Workload, Any]:
        if self._workload is None or self._session is None:
            raise RuntimeError("the target is not started")
        return self._workload, self._session


def _opsets(workload: Workload) -> dict[str, str]:
    opsets = workload.facts.opsets if workload.facts else {}
    return {f"opset {domain}": str(version) for domain, version in opsets.items()}
