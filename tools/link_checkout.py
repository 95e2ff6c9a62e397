"""Make the checkout importable and runnable in the environment that runs this, without building anything.

An editable install would fetch its build back end first; a path file and a two-line script do the same.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SCRIPT = """#!{python}
from costplan.cli.entry import main

main()
"""


def link() -> None:
    """Write `costplan.pth` and the `costplan` script."""
    (Path(sysconfig.get_path("purelib")) / "costplan.pth").write_text(f"{CHECKOUT}\n")
    script = Path(sysconfig.get_path("scripts")) / "costplan"
    script.write_text(SCRIPT.format(python=sys.executable))
    script.chmod(0o755)


if __name__ == "__main__":
    link()
