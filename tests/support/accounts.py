"""Accounts over small catalogs that a test writes itself, so that numbers can be worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from small_bills import Desk

from costplan.catalog.price import Currency
from costplan.inputs.scenarios import price_design
from costplan.pricing.estimate import Estimate
from costplan.scenario.account.loaded import LoadedAccount
from costplan.scenario.load_design import load_design
from costplan.scenario.loaded import LoadedScenario


class AccountDesk(Desk):
    """Prices accounts over a catalog of its own."""

    def design(self, name: str, text: str) -> Path:
        """Write a design without its name, title and, where it states none, workload."""
        head = f"scenario: {name}\ntitle: {name}\n"
        if "workload:" not in text:
            head += "workload: {monthly_requests: 0}\n"
        path = self.folder / f"{name}.yaml"
        path.write_text(head + text, encoding="utf-8")
        return path

    def egress(self, name: str, gigabytes: int, more: str = "") -> Path:
        """Write a design that sends so much."""
        return self.design(
            name, f"{more}resources:\n  net: {{kind: network, role: network, egress: {gigabytes} GB}}\n"
        )

    def loaded(self, text: str, *sets: str) -> LoadedScenario | LoadedAccount:
        """Load an account without its name."""
        path = self.folder / "account.yaml"
        path.write_text(f"account: company\n{text}", encoding="utf-8")
        return load_design(str(path), lambda _: self.catalog, sets=sets)

    def account(
        self, text: str, *sets: str, currency: Currency | None = None, day: str | None = None
    ) -> Estimate:
        """Price an account without its name."""
        on = date.fromisoformat(day) if day else None
        return price_design(self.loaded(text, *sets), currency=currency, as_of=on)

    def alone(self, name: str) -> Estimate:
        """Price one of the designs by itself."""
        return price_design(load_design(str(self.folder / f"{name}.yaml"), lambda _: self.catalog))
