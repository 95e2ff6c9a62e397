"""Rows of a timeline: a month each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from costplan.analysis.timeline.documents import (
    Timeline,
)
from costplan.output.views.feasibility_notes import not_billed_column


def timeline_rows(timeline: Timeline) -> Iterator[dict[str, str | Decimal | bool | None]]:
    """Give a row per month for a spreadsheet."""
    names = _column_names([design.scenario for design in timeline.designs])
    for row in timeline.months:
        found = row.business
        business = {name: getattr(found, name, None) for name in BUSINESS_COLUMNS}
        yield {
            "month": row.month,
            "requests": row.requests,
            "users": row.users,
            "design": row.stage,
            "net": row.net,
            "vat": row.vat,
            "gross": row.gross,
            "spend": row.spend,
            "switching": row.switching,
            "cumulative": row.cumulative,
            "feasible": row.feasible,
            "lower_bound": row.lower_bound,
            **(business if timeline.outcome is not None else {}),
            "currency": timeline.currency,
            **{f"spend_{name}": one.spend for name, one in zip(names, row.stages, strict=True)},
            **{f"promise_{name}": one.feasible for name, one in zip(names, row.stages, strict=True)},
            **not_billed_column(chain.from_iterable(one.not_billed for one in timeline.designs)),
        }


def _column_names(designs: Sequence[str]) -> list[str]:
    """Write names of designs as parts of headings: `stage2_lean`; those that then are alike are numbered."""
    plain = [re.sub(r"\W+", "_", name) for name in designs]
    return [
        name if plain.count(name) == 1 else f"{name}_{place}" for place, name in enumerate(plain, start=1)
    ]


BUSINESS_COLUMNS = (
    "revenue",
    "fees",
    "other_costs",
    "margin",
    "margin_per_user",
    "margin_per_request",
    "grants",
    "expired",
    "cash",
)
