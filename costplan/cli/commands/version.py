"""`costplan version`."""

from __future__ import annotations


def version() -> None:
    """The version of costplan.

    [dim]costplan version[/dim]
    """
    from costplan._version import __version__
    from costplan.cli.output import write

    write(f"costplan {__version__}\n", None)
