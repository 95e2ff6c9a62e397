"""What a target is told: the requests, the server's address, and the settings that change the numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from costplan.bench.models.workload import InputChoice
from costplan.messages.errors import InputError
from costplan.messages.reason import Reason
from costplan.network.addresses import Endpoint


@dataclass(frozen=True, slots=True)
class TargetOptions:
    """Options of all targets; each takes what concerns it."""

    inputs: InputChoice = field(default_factory=InputChoice)
    endpoint: Endpoint | None = None
    """A running server, checked by `guard.check_target`."""
    model_name: str = ""
    """The model's name on the server."""
    model_version: str = ""
    """Its version there; empty: the server's choice."""
    is_binary: bool = True
    """Raw tensors (HTTP) or raw contents (gRPC); else JSON or typed contents."""
    signature: str = ""
    """TensorFlow Serving: the signature to call; empty: its default, or the only one."""
    layout: str = ""
    """TensorFlow Serving over REST: `row` or `column`; empty: rows where all inputs have them."""
    provider: str = "cpu"
    """ONNX Runtime's execution provider, a key of `PROVIDERS`."""
    threads: int | None = None
    """ONNX Runtime's intra-op threads; None: all processors that this process may use."""
    sessions: int | None = None
    """How many sessions answer at the same time, each with these threads; None: one, which all callers share
    (in this process), or as many as there are processors for the threads (the service)."""
    is_spinning: bool = True
    """Whether ONNX Runtime's idle threads spin (the library's default)."""
    backend: str = ""
    """Of the service that is started: a model server that runs already; empty: ONNX Runtime inside."""
    backend_address: str = ""
    """Where that model server is, `host:port`."""
    start_seconds: float = 60.0
    """How long to wait for a server that this target starts."""
    reach_seconds: float = 5.0
    """How long to wait for a running server to answer that it is ready."""

    def server(self, target: str) -> Endpoint:
        """Return the address, which `target` cannot do without."""
        if self.endpoint is None:
            raise InputError(
                Reason("target `{target}` needs the address of a running server", target),
                hint="give --target URL",
            )
        return self.endpoint

    def name_on_server(self, target: str) -> str:
        """Return the model's name on the server, by default that of the model file."""
        if self.model_name:
            return self.model_name
        if self.inputs.model is not None:
            return self.inputs.model.stem
        raise InputError(
            Reason("target `{target}` needs the model's name on the server", target),
            hint="give --model-name NAME",
        )
