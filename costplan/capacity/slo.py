"""The service-level objective (SLO): a bound on response times."""

from __future__ import annotations

import re
from typing import Annotated, Any

from costplan.checked.markers import AfterValidator, BeforeValidator
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.source.fields import Duration, Model, Share

_WRITTEN = re.compile(r"\s*p\s*(?P<percentile>\d{1,2}(?:\.\d+)?)\s*(?::|<=)\s*(?P<latency>.+)", re.ASCII)


def _inside(share: Quantity) -> Quantity:
    if not 0 < share.value < 1:
        raise ValueError("must lie between 0% and 100%: write p99 as 99%")
    return share


def _above_zero(latency: Quantity) -> Quantity:
    if latency.value <= 0:
        raise ValueError("must be above zero")
    return latency


class Slo(Model):
    """A percentile of response times and its bound: `p99 <= 100 ms`, or the two fields by name."""

    percentile: Annotated[Share, AfterValidator(_inside)]
    """Share of requests that are answered in time: `99%`."""
    latency: Annotated[Duration, AfterValidator(_above_zero)]
    """Bound on the time from arrival to answer."""


def parse_slo(text: str) -> Slo:
    """Read an SLO: `p95 <= 1.5 s`, `p95<=1.5s`, `p95:1.5s`.

    Raises:
        ValueError: It is none.
    """
    from pydantic import ValidationError

    try:
        return Slo.model_validate(_fields(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(str(first.get("ctx", {}).get("error", first["msg"]))) from None


def _fields(data: Any) -> Any:
    if not isinstance(data, str):
        return data
    match = _WRITTEN.fullmatch(data[:100])
    if match is None:
        raise ValueError(Reason("is not an SLO; write it like `p99 <= 100 ms`"))
    return {"percentile": f"{match['percentile']}%", "latency": match["latency"]}


SloField = Annotated[Slo, BeforeValidator(_fields, json_schema_input_type=str | Slo)]
"""Written as one text or by its fields."""
