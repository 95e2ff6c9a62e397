"""What all servers under test have in common: wait, read metadata, make requests, ask each once, check."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from costplan.bench.models.answers import Answer, AnswerCheck, sameness_of
from costplan.bench.models.workload import (
    Workload,
    expected_answers,
    workload_of_model,
    workload_of_server,
)
from costplan.bench.target import ColdStart, Plan, ServerCpu, ServerStatistics, TargetDescription
from costplan.bench.targets.options import TargetOptions
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason
from costplan.network.exchange import UnreachableError
from costplan.protocols.tensors import Tensor, TensorSpec, check_fit

_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server says about itself and the model."""

    server: str = ""
    inputs: Sequence[TensorSpec] | None = None
    """None where the server has no metadata."""
    outputs: Sequence[TensorSpec] = ()
    version: str = ""
    signature: str = ""
    """Of a TensorFlow model: what is called."""
    platform: str = ""
    """What runs the model, in the server's words."""
    extras: dict[str, str] = field(default_factory=dict)


class ServerTarget(ABC):
    """A model behind a server; subclasses speak the protocol."""

    name: ClassVar[str]

    def __init__(self, options: TargetOptions) -> None:
        self.options = options
        self.model_name = options.name_on_server(self.name)
        self.facts = ServerFacts()
        self.workload: Workload | None = None
        self.requests: list[list[Tensor]] = []
        self.answers = AnswerCheck([])
        self.answers_from = ""
        self.outputs: list[dict[str, object]] = []
        self.reply_bytes = 0
        """The largest reply so far; `ask` keeps it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Ask once whether server and model are ready; raises UnreachableError while nobody answers."""

    @abstractmethod
    def read_facts(self) -> ServerFacts:
        """Read the server's metadata."""

    @abstractmethod
    def ask(self, index: int) -> list[Tensor]:
        """Send request `index` once, apart from the load, and return its outputs."""

    @abstractmethod
    def plan(self) -> Plan:
        """Build every exchange; see `Target.plan`."""

    def start(self) -> ColdStart:
        """Reach the server, make the requests, ask each once and keep the right answers.

        Raises:
            InputError: Nothing answers, the model is not loaded, or inputs cannot be made.
            CostplanError: The server answers wrongly.
        """
        self.wait(self.options.reach_seconds)
        return self.prepare()

    def prepare(self) -> ColdStart:
        """Do all of `start` but the waiting."""
        self.facts = self.read_facts()
        self.workload = self.make_workload()
        self.requests = self.workload.tensors()
        if self.facts.inputs is not None:
            check_fit(self.requests[0], self.facts.inputs)
        started = time.perf_counter()
        first = self.ask(0)
        first_ms = (time.perf_counter() - started) * 1e3
        self.outputs = [{"name": t.name, "datatype": t.datatype, "shape": list(t.shape)} for t in first]
        got: list[Answer] = [as_answer(first)]
        got += [as_answer(self.ask(index)) for index in range(1, len(self.requests))]
        self.answers = self.make_check(got)
        for index, answer in enumerate(got):
            fault = self.answers.find_fault(index, answer)
            if fault:
                raise CostplanError(
                    Reason(
                        "{name}: wrong answer to request {index}: {fault}; checked against {answers_from}",
                        self.name,
                        str(index),
                        fault,
                        self.answers_from,
                    ),
                    hint="is it the same model? right answers may be given with --inputs and --expected",
                )
        return ColdStart(first_request_ms=first_ms)

    def make_workload(self) -> Workload:
        """Make the requests, from the model's file or from what the server says of it."""
        choice = self.options.inputs
        if choice.model is None:
            return workload_of_server(choice, self.facts.inputs)
        return self.workload or workload_of_model(choice)

    def make_check(self, got: list[Answer]) -> AnswerCheck:
        """Return what compares answers with the right ones; `got` came before the load."""
        given = expected_answers(self.options.inputs)
        if given is not None:
            self.answers_from = Reason("the expected answers given")
            return AnswerCheck(given)
        if self.workload is not None and self.workload.facts is not None:
            from costplan.bench.models.reference import reference_check

            self.answers_from = Reason("ONNX Runtime on the model file")
            return reference_check(self.workload).as_declared(self.facts.outputs)
        self.answers_from = Reason("the server's own first answers")
        return AnswerCheck(got, sameness_of(got[0], as_answer(self.ask(0))))

    def wait(self, seconds: float, check: Callable[[], None] = lambda: None) -> None:
        """Wait until the model is ready, at most `seconds`; `check` may raise to end the wait early."""
        deadline = time.monotonic() + seconds
        while True:
            check()
            reason: CostplanError | None = None
            try:
                if self.is_ready():
                    return
            except UnreachableError as error:
                reason = error
            if time.monotonic() >= deadline:
                break
            time.sleep(_POLL_S)
        if reason is not None:
            raise InputError(reason.faults[0])
        raise InputError(
            Reason(
                "model `{name}` is not ready at {where} after {seconds} s",
                self.model_name,
                self.where(),
                f"{seconds:g}",
            ),
            hint="check the name with the server's log; is the model loaded?",
        )

    def where(self) -> str:
        """Say where the server is."""
        return self.options.server(self.name).shown

    def statistics(self) -> ServerStatistics | None:
        """Read the server's own counters; None unless a subclass knows how."""
        return None

    def cpu(self) -> ServerCpu | None:
        """Read the server's processor time by step; None unless a subclass knows how."""
        return None

    def describe(self) -> TargetDescription:
        """Say what is being measured; called after `start`."""
        model = self.workload.facts if self.workload else None
        return TargetDescription(
            target=self.name,
            server=self.facts.server,
            model_name=self.model_name,
            model_sha256=model.sha256 if model else None,
            inputs=self.workload.described_inputs() if self.workload else (),
            inputs_from=self.workload.source if self.workload else "",
            items=self.workload.items if self.workload else 1,
            item=self.workload.item if self.workload else "item",
            outputs=self.outputs,
            versions={"model": self.facts.version} | self.facts.extras
            if self.facts.version
            else self.facts.extras,
            settings=self.settings(),
            doubts=(*(self.workload.doubts if self.workload else ()), *self.answers.doubts),
        )

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        choice = self.options.inputs
        return {
            "answers_checked_against": self.answers_from,
            "distinct_requests": len(self.requests),
            "seed": choice.seed,
        }

    def stop(self) -> None:
        """End what `start` started: nothing here; subclasses close what they opened."""
        return


def as_answer(tensors: Sequence[Tensor]) -> dict[str, Any]:
    """Return outputs by name."""
    return {t.name: t.data for t in tensors}
