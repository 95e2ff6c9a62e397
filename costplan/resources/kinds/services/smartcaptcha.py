"""SmartCaptcha: checks of visitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from costplan.resources.contract import Meter, Role
from costplan.resources.parts.stated_amounts import Billed, StatedAmounts, meters_of
from costplan.source.fields import Monthly

SERVICE = "smartcaptcha"
BILLED = {"requests": Billed("requests", "request")}


class Smartcaptcha(StatedAmounts):
    """Captchas of the account."""

    catalog_service: ClassVar[str] = SERVICE
    billed: ClassVar[Mapping[str, Billed]] = BILLED
    meters: ClassVar[frozenset[Meter]] = meters_of(SERVICE, BILLED)
    example: ClassVar[str] = "{kind: smartcaptcha, requests: 100K/month}"

    kind: Literal["smartcaptcha"]
    role: Role = "other"
    requests: Monthly
    """Checks in a month."""
