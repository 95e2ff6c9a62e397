"""Smart Web Security: requests that profiles let through, or a package of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from costplan.checked.markers import model_validator
from costplan.messages.reason import Reason
from costplan.quantities.quantity import Quantity
from costplan.resources.contract import Meter, PricingContext, Resource, Role, StatedCost, Usage
from costplan.source.fields import Flag, Monthly

SERVICE = "smart-web-security"
REQUESTS, WAF_REQUESTS = "requests", "waf-requests"
PROTECTION = "protection-package"
PACKAGES = ("start", "pro", "business")


class SmartWebSecurity(Resource):
    """The profiles of the account: packages and tiers count over all of them."""

    catalog_service: ClassVar[str] = SERVICE
    meters: ClassVar[frozenset[Meter]] = frozenset(
        {(SERVICE, REQUESTS), (SERVICE, WAF_REQUESTS), (SERVICE, PROTECTION)}
        | {(SERVICE, f"waf-{package}") for package in PACKAGES}
    )
    example: ClassVar[str] = "{kind: smart-web-security, requests: 5M/month, waf: true}"

    kind: Literal["smart-web-security"]
    role: Role = "network"
    requests: Monthly | None = None
    """Requests in a month that all rules let through, where they are paid for one by one."""
    waf: Flag = False
    """Whether the rules of the web application firewall look at those requests too."""
    package: Literal["start", "pro", "business"] | None = None
    """Package of the firewall for a month, in place of `requests`: sold together with one against attacks."""

    @model_validator(mode="before")
    @classmethod
    def _one_way_to_pay(cls, data: Any) -> Any:
        if isinstance(data, dict) and ("requests" in data) == ("package" in data):
            raise ValueError(Reason("give one of `{one}` and `{other}`", "requests", "package"))
        return data

    def usage(self, context: PricingContext) -> Iterator[Usage | StatedCost]:
        """Requests, once for each sort of rules; or the packages of the month."""
        if self.requests is not None:
            yield context.meter(SERVICE, REQUESTS, self.requests, "request")
            if self.waf:
                yield context.meter(SERVICE, WAF_REQUESTS, self.requests, "request")
        if self.package is not None:
            yield context.meter(SERVICE, f"waf-{self.package}", Quantity(1), "account*month")
            yield context.meter(SERVICE, PROTECTION, Quantity(1), "account*month")
