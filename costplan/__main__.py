"""`python -m costplan`."""

from __future__ import annotations

from costplan.cli.entry import main

if __name__ == "__main__":
    main()
