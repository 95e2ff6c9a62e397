"""The reference service as a child of a measurement: it ends when its parent does, however that ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent() -> None:
    """Ask the kernel to end this process when the parent is gone; on Linux only.

    A child in a session of its own does not get the terminal's Ctrl-C, which is to end the load first. It
    must not stay behind when a second Ctrl-C, or a kill, ends the parent at once.

    Source: prctl(2).
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() == 1:  # the parent ended before the kernel was asked
        sys.exit(0)


if __name__ == "__main__":
    end_with_parent()
    from costplan.service.__main__ import main

    sys.exit(main())
