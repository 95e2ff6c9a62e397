"""`python -m costplan.service`."""

from __future__ import annotations

import sys

from costplan.messages.errors import ExitCode, MissingExtraError


def main() -> int:
    """Serve, or say which extra is missing."""
    try:
        from costplan.service.server import main as serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("costplan"):
            raise
        print(MissingExtraError("the service", "bench"), file=sys.stderr)
        return ExitCode.USAGE
    return serve()


if __name__ == "__main__":
    sys.exit(main())
