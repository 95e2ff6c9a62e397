"""The console entry: quick answers before anything is imported, and the exit code of everything else."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from costplan import __version__

        sys.stdout.write(f"costplan {__version__}\n")
        return
    from costplan.cli.run import run

    sys.exit(run(sys.argv[1:]))
