"""Target `triton-http`: a running Triton, or any server of the Open Inference Protocol, over HTTP."""

from __future__ import annotations

from typing import ClassVar

from costplan.bench.targets._oip_http import OipHttpTarget
from costplan.bench.targets.options import TargetOptions


class TritonHttpTarget(OipHttpTarget):
    """A server by address; nothing is started or stopped."""

    name: ClassVar[str] = "triton-http"

    def __init__(self, options: TargetOptions) -> None:
        options.server(self.name)
        super().__init__(options)
