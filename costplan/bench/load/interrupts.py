"""Ctrl-C: the first ends the measurement with what there is, the second ends the program."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType, TracebackType

from costplan.messages.errors import ExitCode


class Interrupts:
    """Catches SIGINT while it is entered; in the main thread only, elsewhere a flag to set by hand."""

    def __init__(self) -> None:
        self.requested = False
        self._previous: object = None
        self._is_installed = False

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._caught)
            self._is_installed = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_installed:
            signal.signal(signal.SIGINT, self._previous)  # type: ignore[arg-type]
            self._is_installed = False

    def _caught(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            # Not sys.exit: that would unwind through whatever hangs. The journal is written unbuffered.
            os._exit(ExitCode.INTERRUPTED)
        self.requested = True
