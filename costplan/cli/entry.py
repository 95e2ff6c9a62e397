"""The console entry: quick answers before anything is imported, and the exit code of everything else."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"], ["version"]):
        sys.exit(_version())
    # Start-up only makes objects that stay: collecting them over and over takes a fifth of a short run.
    gc.set_threshold(50_000, 20, 20)
    # Looking for pydantic plugins reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from costplan.cli.run import run

    code = run(sys.argv[1:])
    # The process ends: looking once more for cycles among all that it made is a twentieth of a report.
    gc.freeze()
    sys.exit(code)


def _version() -> int:
    from costplan._version import __version__
    from costplan.cli.streams import complain, drop

    try:
        sys.stdout.write(f"costplan {__version__}\n")
        sys.stdout.flush()
    except (OSError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or "it is closed"
        complain(f"cannot write to standard output: {reason}\n")
        if sys.stdout is not None:
            drop(sys.stdout)
        return 2
    return 0
