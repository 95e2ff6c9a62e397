"""Texts of cells that a spreadsheet would take for something else."""

from __future__ import annotations

import re

FORMULA = re.compile(r"(^|[\n\r])((?:'|[^\S\n\r])*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20])")
"""A line's beginning that a spreadsheet may run; with its `'`, so that taking one off gives the text back.

Source: OWASP, CSV injection: a cell is run when it begins, also after blanks or on a later line, with `=`,
`+`, `-`, `@` (also in full width), tab or carriage return.
"""
