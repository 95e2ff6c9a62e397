"""Running the Job through the user's `kubectl`; the result is in the log of its first worker."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from costplan.bench.load.interrupts import Interrupts
from costplan.messages.errors import CostplanError, InputError
from costplan.messages.reason import Reason
from costplan.messages.text import shortened, visible

_POLL_S = 5.0
_ANSWER_S = 120.0
_MAX_WORDS = 400


@dataclass(frozen=True, slots=True)
class Kubectl:
    """`kubectl` with the place that all its calls are about."""

    context: str | None = None
    namespace: str | None = None
    interrupts: Interrupts = field(default_factory=Interrupts)
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic

    def apply(self, text: str, *, dry_run: bool = False) -> str:
        """Apply a manifest; `dry_run` only asks the cluster whether it would take it.

        Raises:
            InputError: There is no kubectl, or it refuses.
        """
        asked = ["--dry-run=server"] if dry_run else []
        return self._call(["apply", *asked, "--filename=-"], text)

    def wait(self, job: str, seconds: float) -> str:
        """Wait until a Job is `Complete` or `Failed`; else return `Running`, after that time or Ctrl-C."""
        deadline = self.now() + seconds
        query = '--output=jsonpath={.status.conditions[?(@.status=="True")].type}'
        while True:
            states = self._call(["get", f"job/{job}", query]).split()
            for state in ("Complete", "Failed"):
                if state in states:
                    return state
            if self.now() >= deadline or self.interrupts.requested:
                return "Running"
            self.sleep(_POLL_S)

    def first_worker_log(self, job: str) -> str:
        """Return what the first worker wrote."""
        return self._call(["logs", f"--selector={first_worker(job)}", "--tail=-1"])

    def _call(self, arguments: Sequence[str], given: str | None = None) -> str:
        program = shutil.which("kubectl")
        if program is None:
            raise InputError(
                "there is no `kubectl` on the path",
                hint="install it, or write the manifest with -o FILE and apply it elsewhere",
            )
        place = [f"--context={self.context}"] if self.context else []
        place += [f"--namespace={self.namespace}"] if self.namespace else []
        try:
            ended = subprocess.run(  # noqa: S603 -- the user's kubectl, no shell
                [program, *place, *arguments], input=given, capture_output=True, text=True,
                timeout=_ANSWER_S, check=False, errors="replace",
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CostplanError(Reason("kubectl {verb}: {why}", arguments[0], str(error))) from None
        if ended.returncode:
            said = visible(" ".join((ended.stderr or ended.stdout).split()))
            raise CostplanError(
                Reason("kubectl {verb}: {why}", arguments[0], shortened(said, _MAX_WORDS) or "failed")
            )
        return ended.stdout


def first_worker(job: str) -> str:
    """Return the selector of a Job's first pod."""
    return f"batch.kubernetes.io/job-name={job},batch.kubernetes.io/job-completion-index=0"
