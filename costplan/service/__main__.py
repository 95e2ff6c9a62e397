"""`python -m costplan.service`."""

from __future__ import annotations

import sys

from costplan.service.server import main

if __name__ == "__main__":
    sys.exit(main())
