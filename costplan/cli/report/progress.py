"""What a report that takes a while is doing."""

from __future__ import annotations

import sys

from costplan.cli.streams import has_terminal


class ReportProgress:
    """A line on standard error that is overwritten, on a terminal only."""

    def __init__(self) -> None:
        self.is_shown = has_terminal()

    def __call__(self, step: str) -> None:
        """Show what is being done."""
        if self.is_shown:
            from costplan.cli.language import translator

            sys.stderr.write(f"\r\x1b[K{translator().reason(step)} ...")
            sys.stderr.flush()

    def __enter__(self) -> ReportProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
