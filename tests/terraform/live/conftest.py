"""Terraform itself has to be on the machine: no package index has a current one.

Where it is, nothing is skipped; where it is not, these tests are not there, and what is committed is still
held to its sources by `test_committed_plans.py`.
"""

from __future__ import annotations

import shutil

collect_ignore_glob = [] if shutil.which("terraform") else ["test_*.py"]
