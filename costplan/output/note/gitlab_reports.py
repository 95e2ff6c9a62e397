"""What a pipeline of GitLab takes besides a note, with no token: links of a job, and counts for the widget.

Source: docs.gitlab.com/ci/yaml/artifacts_reports (`annotations`, `terraform`).
"""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import quote, urlsplit

from costplan.analysis.diff.documents import Diff
from costplan.language.translator import Translator
from costplan.messages.errors import InputError

_MOST_COUNTED = 999_999
"""Beyond it GitLab shows this number."""
_LONGEST_ADDRESS = 2000
_IN_ADDRESS = "/%:@!$&'*+,;=-._~?#"
"""What an address may hold as it is between `<` and `>` of Markdown; the rest is percent-encoded."""


def report_address(text: str) -> str:
    """Return the address of a report as a link of Markdown and JSON may have it.

    Raises:
        InputError: It is none that a browser opens over http or https.
    """
    try:
        parts = urlsplit(text)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_page = urlsplit(""), False
    is_plain = text.isprintable() and not any(letter.isspace() for letter in text) and "\\" not in text
    is_host = parts.netloc.isascii() and "@" not in parts.netloc
    if not (is_page and is_plain and is_host and len(text) <= _LONGEST_ADDRESS):
        raise InputError("--report: must be the address of a page", hint="write https://...")
    return quote(text, safe=_IN_ADDRESS)


def annotations_text(report: str, words: Translator) -> str:
    """Write the annotations of a job: a link to the report, beside its log."""
    link = {"external_link": {"label": words("Cost report"), "url": report}}
    return json.dumps({"costplan": [link]}, ensure_ascii=False, indent=2) + "\n"


def terraform_text(diff: Diff) -> str:
    """Write how many resources the bill gains, loses and has otherwise; a mere move is none of them."""
    counts = Counter(one.change for one in diff.resources)
    found = {
        "create": counts["added"],
        "update": counts["changed"],
        "delete": counts["removed"],
    }
    return json.dumps({name: min(count, _MOST_COUNTED) for name, count in found.items()}) + "\n"
