"""Target `service`: the project's own inference service, started as a child on loopback and stopped again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from typing import IO, ClassVar

from costplan.bench.models.answers import Answer, AnswerCheck
from costplan.bench.models.facts import ModelPort
from costplan.bench.models.on_provider import described, doubts_of, kernels_on
from costplan.bench.models.photos import make_photos
from costplan.bench.models.picture_files import PictureFile, read_pictures
from costplan.bench.models.workload import Workload, workload_of_model
from costplan.bench.target import ColdStart, ServerCpu, TargetDescription
from costplan.bench.targets._metrics import read_cpu
from costplan.bench.targets._oip_http import OipHttpTarget
from costplan.bench.targets._pictures import PATH, PictureAnswers, Pictures, decoded_answer
from costplan.bench.targets.options import TargetOptions
from costplan.bench.transport.interface import MIB
from costplan.cpus import usable_cpus
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason
from costplan.network.addresses import Endpoint
from costplan.protocols.tensors import Tensor
from costplan.service.cpu_time import STEPS
from costplan.service.pictures import picture_input
from costplan.service.providers import check_installed, versions_of

_STOP_S = 5.0
_BACKEND_S = 15.0
"""For a model server that runs already, the start of the service included."""
_LOG_TAIL = 800
_LEAST_BODY_MIB = 16
"""The service's own default."""


class ServiceTarget(OipHttpTarget):
    """`python -m costplan.service` on a free port of loopback."""

    name: ClassVar[str] = "service"

    def __init__(self, options: TargetOptions) -> None:
        if options.inputs.model is None and not options.backend:
            raise InputError("target `service` needs a model file", hint="give one with --model FILE.onnx")
        self.threads = options.threads or usable_cpus()
        port = free_port()
        point = Endpoint("http", "127.0.0.1", port, "127.0.0.1")
        name = options.name_on_server(options.backend) if options.backend else options.model_name or "model"
        super().__init__(replace(options, endpoint=point, model_name=name))
        self._files: list[PictureFile] | None = None
        """The user's pictures."""
        self._pictures: Pictures | None = None
        """What is sent to a model that classifies pictures; None: tensors, as to any other."""
        self._kernels: dict[str, int] = {}
        """Steps of a run by provider; empty on the CPU, which runs all of them."""
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._records: tempfile.TemporaryDirectory[str] | None = None
        """Where the service keeps its record of predictions, as it does when it is deployed."""

    def start(self) -> ColdStart:
        """Look at the model under guard, start the service, wait for it, ask every request once.

        Raises:
            InputError: The model is refused, or the service does not become ready; its last words are shown.
        """
        check_installed(self.options.provider)
        choice = self.options.inputs
        if choice.folder is not None and not self._asks_for_tensors():
            self._files = read_pictures(choice.folder, choice.seed)
        if choice.model is not None:
            self.workload = workload_of_model(replace(choice, folder=None) if self._files else choice)
            self._kernels = kernels_on(self.options.provider, self.workload, self.threads)
        started = time.perf_counter()
        self._launch()
        try:
            is_local = not self.options.backend
            self.wait(self.options.start_seconds if is_local else _BACKEND_S, self._check_alive)
            ready_ms = (time.perf_counter() - started) * 1e3
            return replace(self.prepare(), ready_ms=ready_ms)
        except BaseException:
            self.stop()
            raise

    def where(self) -> str:
        """Say where the model is."""
        return self.options.backend_address or super().where()

    def make_workload(self) -> Workload:
        """Make pictures for a model that takes them, unless tensors were asked for."""
        choice = self.options.inputs
        wanted = picture_input(self.facts.inputs or (), self.facts.outputs)
        if wanted is None and self._files is not None:
            raise InputError(
                "the service decodes pictures only for a model that takes one and gives `label` and "
                "`probabilities`",
                hint="add --preprocess image, and tensors are sent",
            )
        if wanted is None or self._asks_for_tensors() or (choice.folder is not None and not self._files):
            return super().make_workload()
        made = [PictureFile(photo) for photo in make_photos(choice.distinct, choice.seed)]
        self._pictures = pictures = Pictures(self._files or made, wanted)
        if self.workload is not None:
            return replace(self.workload, feeds=pictures.feeds(), source=pictures.source())
        specs = self.facts.inputs or ()
        ports = tuple(ModelPort(spec.name, spec.datatype, tuple(spec.shape)) for spec in specs)
        return Workload(pictures.feeds(), ports, source=pictures.source())

    def _asks_for_tensors(self) -> bool:
        choice = self.options.inputs
        has_own = choice.npz or choice.expected or choice.shapes or choice.preprocess
        return bool(has_own) or (choice.batch or 1) > 1 or not self.options.is_binary

    def make_check(self, got: list[Answer]) -> AnswerCheck:
        """Return what compares answers with the right ones; `got` came before the load."""
        found = super().make_check(got)
        return found if self._pictures is None else PictureAnswers(found.references, found.by)

    @property
    def request_path(self) -> str:
        """Where requests go."""
        return super().request_path if self._pictures is None else PATH

    def encoded(self, index: int) -> tuple[dict[str, str], bytes]:
        """Return headers and body of request `index`, which carry its number."""
        return super().encoded(index) if self._pictures is None else self._pictures.encoded(index)

    def decoded(self, body: bytes) -> tuple[str | None, list[Tensor]]:
        """Return a reply's number and outputs; raises ProtocolError."""
        return super().decoded(body) if self._pictures is None else decoded_answer(body)

    def cpu(self) -> ServerCpu | None:
        """Read what the service says of its processor time at `/metrics`."""
        try:
            text = self.get("/metrics").body.decode()
        except CostplanError:
            return None
        if self._pictures is None:
            return read_cpu(text, "/v2/models/{name}/infer", ("inference",))
        return read_cpu(text, PATH, STEPS)

    def describe(self) -> TargetDescription:
        """Say what is being measured."""
        process_id = self._process.pid if self._process else None
        found = super().describe()
        return replace(
            found,
            process_id=process_id,
            versions={**found.versions, **versions_of(self.options.provider)},
            doubts=(*found.doubts, *doubts_of(self.options.provider, self._kernels)),
        )

    def settings(self) -> dict[str, object]:
        """Return whatever changes the numbers."""
        options, said = self.options, super().settings()
        if self._pictures is not None:
            said = {**said, **self._pictures.settings()}
            del said["encoding"]
        if options.backend:
            said |= {"backend": options.backend, "backend_address": options.backend_address}
            said["backend_platform"] = self.facts.platform
        else:
            at_once = options.sessions or max(1, usable_cpus() // self.threads)
            said |= {"backend": "onnxruntime", "intra_op_threads": self.threads, "sessions": at_once}
            said |= described(self.options.provider, self._kernels)
        return said | {"record": "sqlite"}

    def stop(self) -> None:
        """Ask the child to end, wait 5 s, then kill it; only the process that was started here."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.terminate()
                try:
                    self._process.wait(_STOP_S)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait(_STOP_S)
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._records is not None:
            self._records.cleanup()
            self._records = None

    def _launch(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the child, closed in `stop`
        arguments = ["--host", "127.0.0.1", "--port", str(self.endpoint.port), "--name", self.model_name]
        if self.options.backend:
            arguments += ["--backend", self.options.backend]
            arguments += ["--backend-address", self.options.backend_address]
        else:
            arguments += ["--model", str(self.options.inputs.model), "--threads", str(self.threads)]
            if self.options.sessions is not None:
                arguments += ["--parallel", str(self.options.sessions)]
            arguments += ["--provider", self.options.provider]
        if self.workload is not None:
            arguments += ["--max-body-mib", str(body_mib(self.workload))]
        self._records = tempfile.TemporaryDirectory(prefix="costplan-bench-")
        arguments += ["--record", f"sqlite:///{self._records.name}/predictions.db"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(  # noqa: S603 -- our own module, no shell
            [sys.executable, "-P", "-m", "costplan.bench.servers.service_child", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=environment,
            start_new_session=True,  # Ctrl-C ends the load first, and only then the server
        )

    def _check_alive(self) -> None:
        process = self._process
        if process is not None and process.poll() is not None:
            raise CostplanError(
                Reason(
                    "the service ended with status {status}: {said}",
                    str(process.returncode),
                    self._last_words(),
                )
            )

    def _last_words(self) -> str:
        text = b""
        if self._log is not None:
            with contextlib.suppress(OSError):
                size = self._log.seek(0, os.SEEK_END)
                self._log.seek(max(0, size - _LOG_TAIL))
                text = self._log.read()
        return " | ".join(text.decode(errors="replace").strip().splitlines()[-3:]) or Reason(
            "it said nothing"
        )


def body_mib(workload: Workload) -> int:
    """Return the largest request that the service must take: text has up to eight times a number's bytes."""
    largest = max(sum(array.nbytes for array in feed.values()) for feed in workload.feeds)
    return max(_LEAST_BODY_MIB, 8 * largest // MIB + 1)


def free_port() -> int:
    """Return a port of loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
