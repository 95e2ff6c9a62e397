"""Runs the model for requests: admission, a thread or none, counts of queue and compute, the record."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from costplan.messages.errors import CostplanError
from costplan.protocols.tensors import DATATYPES, ProtocolError, Tensor, TensorSpec
from costplan.service.backends import Backend, BackendDownError, BackendTimeoutError, ModelShape
from costplan.service.metrics import Metrics
from costplan.service.pace import Pace
from costplan.service.records import Record, Recorder, small


class OverloadedError(CostplanError):
    """More inferences wait than the service admits."""


@dataclass(slots=True)
class Statistics:
    """Sums since the start, as the statistics extension of the protocol reports them."""

    successes: int = 0
    failures: int = 0
    inferences: int = 0
    """Elements of all batches."""
    queue_ns: int = 0
    compute_ns: int = 0
    last_unix_ms: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One inference, with its times on `time.perf_counter_ns` and its thread's processor clock."""

    outputs: list[Tensor]
    batch: int
    taken_ns: int
    """When it was taken out of the queue."""
    compute_ns: int
    processor_ns: int


Job = Callable[[], Run]


class Engine:
    """One model behind one backend."""

    def __init__(
        self,
        backend: Backend,
        model_name: str,
        parallel: int,
        max_in_flight: int,
        timeout_seconds: float,
        metrics: Metrics,
        recorder: Recorder,
    ) -> None:
        self.backend, self.model_name = backend, model_name
        self.statistics = Statistics()
        self._metrics, self._recorder = metrics, recorder
        self._threads = ThreadPoolExecutor(parallel, thread_name_prefix="inference")
        self._max_in_flight, self._in_flight = max_in_flight, 0
        self._timeout_seconds = None if backend.is_local else timeout_seconds
        self._running: set[int] = set()
        self._model: ModelShape | None = None
        self._pace = Pace()
        self._ids = (
            f"{prefix}-{number:x}" for prefix in (secrets.token_hex(8),) for number in itertools.count(1)
        )

    def load(self) -> None:
        """Open the model and run it once.

        A remote server that is down does not stop the service: it is asked again with each request.
        """
        started = time.perf_counter()
        try:
            self._model = self.backend.load()
        except BackendDownError:
            return
        self._metrics.model_load.set(time.perf_counter() - started)
        if self.backend.is_local:
            self._warm_up(self._model)
            self._metrics.cpu.watch(self._model.workers)

    async def model(self) -> ModelShape:
        """Return what the model takes and gives; a remote server that was down is asked again."""
        if self._model is None:
            self._model = await asyncio.get_running_loop().run_in_executor(self._threads, self.backend.load)
        return self._model

    async def is_ready(self) -> bool:
        """Say whether an inference would be tried now."""
        if self.backend.is_local:
            return self.backend.is_ready()
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.backend.is_ready)

    async def infer(self, inputs: Sequence[Tensor], outputs: Sequence[str], request_id: str) -> list[Tensor]:
        """Run the model once and queue the record.

        Args:
            inputs: Already checked against the model.
            outputs: Names of those wanted; empty means all.
            request_id: Goes into the record.

        Raises:
            OverloadedError: Too many wait.
            ProtocolError: An unknown output, or the model refuses the input.
            BackendDownError, BackendFailedError: See there.
        """
        model = self._model or await self.model()
        wanted = _known(outputs, model.outputs)
        elements = sum(t.data.size for t in inputs)
        run = await self._admitted(lambda: self._timed(lambda: inputs, wanted), request_id, elements)
        if self.backend.is_local:
            self._pace.ran(elements, run.processor_ns)
        return run.outputs

    async def infer_made(
        self, make: Callable[[], Sequence[Tensor]], outputs: Sequence[str], request_id: str
    ) -> list[Tensor]:
        """The same for inputs that are costly to make: one thread makes them and runs the model."""
        model = self._model or await self.model()
        wanted = _known(outputs, model.outputs)
        return (await self._admitted(lambda: self._timed(make, wanted), request_id)).outputs

    async def _admitted(self, job: Job, request_id: str, elements: int | None = None) -> Run:
        """Run a job, on the event loop where so many elements are quick, and account for it."""
        if self._in_flight >= self._max_in_flight:
            raise OverloadedError(
                f"{self._max_in_flight} requests run or wait already", hint="try again later"
            )
        self._in_flight += 1
        queued = time.perf_counter_ns()
        try:
            if elements is not None and self._pace.is_quick(elements):
                run = job()
            else:
                run = await self._in_thread(job)
        except BaseException:
            self.statistics.failures += 1
            raise
        finally:
            self._in_flight -= 1
        self._count(run, request_id, run.taken_ns - queued)
        return run

    def close(self) -> bool:
        """Take no more work and let go of the backend; False when an inference is still running."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._running:
            return False
        self.backend.close()
        return True

    async def _in_thread(self, job: Job) -> Run:
        """Run in a thread; the time limit of a remote server holds for waiting and answering together."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, job)
        except TimeoutError:
            raise BackendTimeoutError(f"no answer in {self._timeout_seconds:g} s") from None

    def _timed(self, make: Callable[[], Sequence[Tensor]], outputs: Sequence[str]) -> Run:
        self._running.add(threading.get_ident())
        try:
            taken = time.perf_counter_ns()
            inputs = make()
            processor, started = time.thread_time_ns(), time.perf_counter_ns()
            answer = self.backend.infer(inputs, outputs)
            ended = time.perf_counter_ns()
            spent = time.thread_time_ns() - processor
            batch = inputs[0].shape[0] if inputs and inputs[0].shape else 1
            return Run(answer, batch, taken, ended - started, spent)
        finally:
            self._running.discard(threading.get_ident())

    def _count(self, run: Run, request_id: str, queue_ns: int) -> None:
        now = time.time()
        counts = self.statistics
        counts.successes += 1
        counts.inferences += run.batch
        counts.queue_ns += queue_ns
        counts.compute_ns += run.compute_ns
        counts.last_unix_ms = int(now * 1000)
        self._metrics.inference.observe(run.compute_ns / 1e9)
        self._metrics.cpu.add("inference", run.processor_ns)
        if self._recorder.is_on:
            name, took_ms = self.backend.name, run.compute_ns / 1e6
            self._recorder.add(
                Record(
                    next(self._ids),
                    request_id,
                    now,
                    self.model_name,
                    name,
                    run.batch,
                    took_ms,
                    small(run.outputs),
                )
            )

    def _warm_up(self, model: ModelShape) -> None:
        """Run the model on blanks for the sake of the first caller; one that refuses blanks stays cold."""
        with contextlib.suppress(CostplanError):
            blanks = [_blank(spec) for spec in model.inputs]
            self._timed(lambda: blanks, [spec.name for spec in model.outputs])


def _known(names: Sequence[str], specs: Sequence[TensorSpec]) -> list[str]:
    known = [spec.name for spec in specs]
    for name in names:
        if name not in known:
            raise ProtocolError(f"unknown output `{name[:100]}`; the model has {', '.join(known)[:300]}")
    return list(names) or known


def _blank(spec: TensorSpec) -> Tensor:
    shape = tuple(max(size, 1) for size in spec.shape)
    blank = (
        np.full(shape, b"", np.object_)
        if spec.datatype == "BYTES"
        else np.zeros(shape, DATATYPES[spec.datatype])
    )
    return Tensor(spec.name, spec.datatype, shape, blank)
