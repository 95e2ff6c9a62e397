"""The `business:` section of a scenario, and what a month of the business comes to, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from costplan.catalog.store import Catalog
from costplan.errors import InputError
from costplan.scenario.business import Business
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario
from costplan.schemas import schema_of

WHOLE = """\
business:
  users: {value: 2K, assumed: "a hundred shops"}
  requests_per_user: 250
  paying_share: 4%
  price_per_user: {RUB: {value: 490, assumed: "as others"}, USD: 5}
  price_per_request: {RUB: 0.01}
  payment_fee: {share: 2.8%, fixed: {RUB: 3.5}}
  cash: {RUB: 1500000}
  grants:
    - {name: Start-up programme, amounts: {RUB: 300000}, starts: 2026-11, ends: 2027-04}
    - {name: Contest, amounts: {RUB: 500000}, starts: 2027-01, ends: 2027-12, pays: everything}
  costs:
    - {name: Wages, amounts: {RUB: 250000}, vat: none}
    - {name: Office, amounts: {RUB: 24400}}
  migration: {amounts: {RUB: 61000}, hours: 80, hourly: {RUB: 2500}}
  vat: payer
"""


def loaded(folder: Path, business: str, requests: str = "500K") -> LoadedScenario:
    path = folder / "firm.yaml"
    path.write_text(
        f"scenario: firm\ntitle: Firm\nworkload: {{monthly_requests: {requests}}}\n{business}"
        "resources:\n  fee: {kind: fixed-cost, role: other, amounts: {RUB: 122}, source: offer}\n",
        encoding="utf-8",
    )
    return load_scenario(str(path), Catalog.shipped)


def section(folder: Path, business: str) -> Business:
    found = loaded(folder, business).model.business
    assert found is not None
    return found


def test_a_whole_section_is_read_and_its_assumptions_are_kept(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, WHOLE)
    business = scenario.model.business
    assert business is not None
    assert business.users is not None
    assert business.users.value == 2000
    assert business.price_per_user is not None
    assert {code: str(amount) for code, amount in business.price_per_user.stated.items()} == {
        "RUB": "490",
        "USD": "5",
    }
    assert [str(grant.ends) for grant in business.grants] == ["2027-04-01", "2027-12-01"]
    assert [origin.path for origin in scenario.origins] == ["business.users", "business.price_per_user.RUB"]


def test_the_published_schema_accepts_it_and_flags_a_slip(tmp_path: Path) -> None:
    validator = Draft202012Validator(schema_of("scenario"))
    rest = "scenario: firm\ntitle: Firm\nworkload: {monthly_requests: 500000}\nresources: {}\n"

    def places(text: str) -> list[str]:
        return [error.json_path for error in validator.iter_errors(yaml.safe_load(text + rest))]

    resources = places("")  # what the schema says of this text without a business
    assert places(WHOLE) == resources
    assert places(WHOLE.replace("vat: payer", "vat: nobody")) == ["$.business", *resources]


@pytest.mark.parametrize(
    ("section", "place", "message"),
    [
        ("{users: 10, vat: payer}", "business", "has `users` without `requests_per_user`"),
        ("{price_per_user: {RUB: 1}, vat: payer}", "business", "has `price_per_user` without `requests_per_"),
        ("{users: 2.5, requests_per_user: 1}", "business.users", "must be a whole number, got 2.5"),
        ("{users: 0, requests_per_user: 1}", "business.users", "must be above zero"),
        ("{users: -5, requests_per_user: 1}", "business.users", "must not be negative, got -5"),
        ("{requests_per_user: 0}", "business.requests_per_user", "must be above zero"),
        ("{paying_share: 104%}", "business.paying_share", "is a share above 100%"),
        ("{price_per_request: {RUB: -1}, vat: payer}", "business.price_per_request.RUB", "must not be neg"),
        ("{price_per_request: {EUR: 1}, vat: payer}", "business.price_per_request.EUR", "unknown key"),
        ("{price_per_request: {}, vat: payer}", "business.price_per_request", "needs an amount by its curr"),
        ("{price_per_request: 5, vat: payer}", "business.price_per_request", "must be a mapping, got `5`"),
        ("{price_per_request: {RUB: 1}}", "business", "missing `vat`: `payer` deducts VAT, `simplified`"),
        ("{payment_fee: {share: 3%}}", "business", "has `payment_fee` without `price_per_user`"),
        ("{price_per_request: {RUB: 1}, payment_fee: {fixed: {RUB: 3}}, vat: payer}", "business",
         "has a `fixed` fee without `requests_per_user`"),
        ("{grants: [{name: a, amounts: {RUB: 1}, starts: 2027-05, ends: 2027-04}]}", "business.grants[0]",
         "ends in 2027-04, before it starts in 2027-05"),
        ("{grants: [{name: a, amounts: {RUB: 1}, starts: 2027-13, ends: 2027-04}]}",
         "business.grants[0].starts", "is not a month of the calendar: `2027-13`"),
        ("{grants: [{name: a, amounts: {RUB: 1}, starts: May, ends: 2027-04}]}",
         "business.grants[0].starts", "is not a month: `May`; write it like `2027-01`"),
        ("{grants: [{name: a, amounts: {RUB: 1}, starts: 2027-04, ends: 9999-12}]}",
         "business.grants[0].ends", "must be from 2000 to 2100, got `9999-12`"),
        ("{migration: {hours: 80}}", "business.migration", "needs `hours` and `hourly` together"),
        ("{migration: {}}", "business.migration", "needs `amounts`, or `hours` and `hourly`"),
        ("{vat: usn}", "business.vat", "must be one of payer, simplified; got `usn`"),
        ("{user: 5}", "business.user", "unknown key"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(tmp_path: Path, section: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        loaded(tmp_path, f"business: {section}\n")
    [fault] = error.value.faults
    assert (fault.path, fault.mark.line if fault.mark else 0) == (place, 4)
    assert fault.message.startswith(message) or message in fault.message
