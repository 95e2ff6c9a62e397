"""The `business:` section of a scenario, and what a month of the business comes to, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from small_designs import MACHINE, Drawing

from costplan.analysis.timeline.documents import BusinessMonth, Timeline
from costplan.analysis.timeline.timeline import Horizon, timeline
from costplan.catalog.store import Catalog
from costplan.messages.errors import InputError
from costplan.output.schemas import schema_of
from costplan.pricing.engine import price_scenario
from costplan.pricing.estimate import Estimate
from costplan.quantities.quantity import Quantity
from costplan.scenario.load import load_scenario
from costplan.scenario.loaded import LoadedScenario

D = Decimal

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


def loaded(
    folder: Path, business: str, requests: str = "500K", name: str = "firm", price: str = "{RUB: 122}"
) -> LoadedScenario:
    path = folder / f"{name}.yaml"
    path.write_text(
        f"scenario: {name}\ntitle: Firm\nworkload: {{monthly_requests: {requests}}}\n{business}"
        f"resources:\n  fee: {{kind: fixed-cost, role: other, amounts: {price}, source: offer}}\n",
        encoding="utf-8",
    )
    return load_scenario(str(path), Catalog.shipped)


def test_a_whole_section_is_read_and_its_assumptions_are_kept(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, WHOLE)
    business = scenario.model.business
    assert business is not None
    assert business.users is not None
    assert business.users.value == 2000
    assert business.price_per_user is not None
    assert {code: str(amount) for code, amount in business.price_per_user.items()} == {
        "RUB": "490",
        "USD": "5",
    }
    assert [str(grant.ends) for grant in business.grants] == ["2027-04-01", "2027-12-01"]
    assert [origin.path for origin in scenario.origins] == ["business.users", "business.price_per_user.RUB"]


def test_no_bill_rests_on_what_is_assumed_of_the_business(tmp_path: Path) -> None:
    assert price_scenario(loaded(tmp_path, WHOLE)).assumptions == ()
    plan = timeline([loaded(tmp_path, WHOLE)], Horizon(months=1, growth=Fraction(0)))
    assert [one.path for one in plan.assumptions] == ["business.users", "business.price_per_user.RUB"]


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
        ("{price_per_request: {EUR: 1}, vat: payer}", "business.price_per_request.EUR", "there is no curr"),
        ("{price_per_request: {}, vat: payer}", "business.price_per_request", "needs an amount, such as"),
        ("{price_per_request: 5, vat: payer}", "business.price_per_request", "has no currency; write it"),
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


# What a month comes to. The cloud costs 122 RUB, of which 22 are VAT.

FIRM = """\
business:
  users: 100
  requests_per_user: 10
  paying_share: 50%
  price_per_user: {RUB: 122}
  payment_fee: {share: 2%, fixed: {RUB: 1}}
  costs:
    - {name: Wages, amounts: {RUB: 1000}, vat: none}
    - {name: Office, amounts: {RUB: 122}}
"""


def planned(folder: Path, business: str, **asked: Any) -> Timeline:
    return timeline([loaded(folder, business, "1000")], Horizon(**({"growth": Fraction(0)} | asked)))


def booked(plan: Timeline) -> list[BusinessMonth]:
    found = [row.business for row in plan.months]
    assert None not in found
    return [one for one in found if one is not None]


def test_a_payer_of_vat_counts_costs_and_revenue_net(tmp_path: Path) -> None:
    """50 pay 122: 6100, of which 1100 are VAT; the fee is 2 % of 6100 and 50 times 1."""
    plan = planned(tmp_path, FIRM + "  vat: payer\n", months=1)
    [month] = booked(plan)
    assert (month.revenue, month.fees, month.other_costs) == (D(5000), D(172), D(1100))
    assert plan.months[0].spend == D(100)
    assert month.margin == 5000 - 172 - 1100 - 100
    assert month.margin_per_user == D("36.28")
    assert month.margin_per_request == D("3.628")


def test_who_does_not_pay_vat_counts_all_gross(tmp_path: Path) -> None:
    plan = planned(tmp_path, FIRM + "  vat: simplified\n", months=1)
    [month] = booked(plan)
    assert (month.revenue, month.fees, month.other_costs) == (D(6100), D(172), D(1122))
    assert plan.months[0].spend == D(122)
    assert month.margin == 6100 - 172 - 1122 - 122


def test_vat_in_a_fee_is_deducted_where_the_contract_has_it(tmp_path: Path) -> None:
    business = FIRM.replace("{share: 2%,", "{vat: as-list, share: 2%,")
    assert booked(planned(tmp_path, business + "  vat: payer\n", months=1))[0].fees == D("140.983606557377")
    assert D("140.983606557377") == (D(172) / D("1.22")).quantize(D("1e-12"))
    assert booked(planned(tmp_path, business + "  vat: simplified\n", months=1))[0].fees == D(172)


def test_prices_without_vat_have_none_in_any_amount(tmp_path: Path) -> None:
    """In USD the list excludes VAT; nothing is deducted or passed on, whatever the regime."""
    text = "business: {price_per_request: {USD: 0.01}, vat: REGIME}\n"
    for regime in ("payer", "simplified"):
        scenario = loaded(tmp_path, text.replace("REGIME", regime), "1000", price="{USD: 3}")
        plan = timeline([scenario], Horizon(months=1, growth=Fraction(0)), currency="USD")
        assert booked(plan)[0].margin == 10 - 3


def test_a_price_per_request_is_paid_for_the_share_that_pays(tmp_path: Path) -> None:
    text = "business: {price_per_request: {RUB: 0.61}, paying_share: 40%, vat: payer}\n"
    [month] = booked(planned(tmp_path, text, months=1))
    assert month.revenue == 1000 * D("0.4") * D("0.5")
    assert month.margin_per_user is None


def test_other_requests_bring_other_users(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, FIRM + "  vat: payer\n", "3K")
    with pytest.raises(InputError) as error:
        timeline([scenario], Horizon(growth=Fraction(0)))
    [fault] = error.value.faults
    assert fault.path == "business.users"
    assert fault.message == "times `requests_per_user` makes 1000 requests a month; the workload has 3000"
    plan = timeline([scenario], Horizon(growth=Fraction(0), requests_stated=True))
    assert plan.months[0].users == D(300)


# Cash, grants, moves.


def test_cash_is_what_is_left_and_ends_in_its_month(tmp_path: Path) -> None:
    """372 a month are lost: 250 of cost and 122 of cloud; 1000 last two months and end in the third."""
    text = "business: {cash: {RUB: 1000}, costs: [{name: a, amounts: {RUB: 250}}], vat: simplified}\n"
    plan = planned(tmp_path, text, months=4)
    assert [month.cash for month in booked(plan)] == [D(628), D(256), D(-116), D(-488)]
    assert plan.outcome is not None
    assert (plan.outcome.cash_ends, plan.outcome.runway_months) == (plan.months[2].month, 2)


def test_cash_that_is_spent_to_the_last_kopeck_has_not_ended(tmp_path: Path) -> None:
    plan = planned(tmp_path, "business: {cash: {RUB: 366}, vat: simplified}\n", months=3)
    assert booked(plan)[-1].cash == 0
    assert plan.outcome is not None
    assert plan.outcome.cash_ends is None
    assert plan.outcome.cash_known_until == plan.months[-1].month


GRANT = """\
business:
  cash: {RUB: 1000}
  grants: [{name: Credit, amounts: {RUB: 183}, starts: 2026-12, ends: 2027-01}]
"""


def test_a_credit_pays_the_bill_while_it_lasts(tmp_path: Path) -> None:
    """From the second month: 122 of 122, then the 61 that are left; nothing is left to expire."""
    plan = planned(tmp_path, GRANT + "  vat: simplified\n", months=4)
    assert [month.grants for month in booked(plan)] == [D(0), D(122), D(61), D(0)]
    assert [month.cash for month in booked(plan)] == [D(878), D(878), D(817), D(695)]
    assert [month.expired for month in booked(plan)] == [D(0)] * 4


def test_a_credit_pays_with_vat_and_a_payer_deducts_it_of_the_rest_alone(tmp_path: Path) -> None:
    """Of a bill of 122, a credit of 61 leaves 61 to pay, of which 11 come back: 50 are saved of 100."""
    plan = planned(tmp_path, GRANT + "  vat: payer\n", months=4)
    assert [month.grants for month in booked(plan)] == [D(0), D(100), D(50), D(0)]


def test_what_is_left_of_a_grant_expires_after_its_last_month(tmp_path: Path) -> None:
    text = GRANT.replace("183", "1000")
    plan = planned(tmp_path, text + "  vat: simplified\n", months=4)
    assert [month.expired for month in booked(plan)] == [D(0), D(0), D(1000 - 244), D(0)]
    assert [month.grants for month in booked(plan)] == [D(0), D(122), D(122), D(0)]


def test_money_for_everything_pays_wages_too_and_what_ends_first_is_spent_first(tmp_path: Path) -> None:
    """A month costs 122 of cloud and 300 of wages: the credit takes the cloud, the contest up to 300."""
    text = """\
business:
  costs: [{name: Wages, amounts: {RUB: 300}, vat: none}]
  grants:
    - {name: Late, amounts: {RUB: 100}, starts: 2026-11, ends: 2027-12, pays: everything}
    - {name: Soon, amounts: {RUB: 250}, starts: 2026-11, ends: 2026-11, pays: everything}
    - {name: Credit, amounts: {RUB: 122}, starts: 2026-11, ends: 2027-12}
  cash: {RUB: 0}
  vat: simplified
"""
    months = booked(planned(tmp_path, text, months=2))
    assert [month.grants for month in months] == [D(122 + 250 + 50), D(50)]
    assert [month.cash for month in months] == [D(0), D(50 - 422)]


def test_a_move_costs_what_the_design_says_with_hours_of_labour(tmp_path: Path) -> None:
    """61,000 with VAT are 50,000 to a payer; 80 hours at 2500 have no VAT."""
    for regime, paid in (("payer", 50_000), ("simplified", 61_000)):
        first = loaded(tmp_path, f"business: {{vat: {regime}}}\n")
        other = loaded(
            tmp_path,
            "business: {migration: {amounts: {RUB: 61000}, hours: 80, hourly: {RUB: 2500}}}\n",
            name="other",
        )
        plan = timeline([first, other], Horizon(growth=Fraction(0)))
        assert [design.switching for design in plan.designs] == [D(0), D(paid + 200_000)]
        asked = timeline([first, other], Horizon(growth=Fraction(0), switching=D(7)))
        assert [design.switching for design in asked.designs] == [D(7), D(7)]


def test_a_design_that_does_not_say_what_a_move_costs_takes_the_first_one_s(tmp_path: Path) -> None:
    first = loaded(tmp_path, "business: {migration: {amounts: {RUB: 5}}, vat: simplified}\n")
    plan = timeline([first, loaded(tmp_path, "", name="other")], Horizon(growth=Fraction(0)))
    assert [design.switching for design in plan.designs] == [D(5), D(5)]


def test_amounts_that_are_not_stated_in_the_currency_are_all_named(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, WHOLE.replace("RUB: 1500000", "USD: 1").replace("RUB: 24400", "KZT: 1"))
    with pytest.raises(InputError) as error:
        timeline([scenario], Horizon(growth=Fraction(0)))
    assert [(fault.path, fault.message) for fault in error.value.faults] == [
        ("business.cash", "is stated in USD only; there is no exchange rate"),
        ("business.costs[1].amounts", "is stated in KZT only; there is no exchange rate"),
    ]
    assert [fault.mark.line if fault.mark else 0 for fault in error.value.faults] == [11, 17]


def test_a_move_is_paid_in_cash_and_is_not_in_the_margin(tmp_path: Path) -> None:
    """Calls cost 610 a million; in the fifth month a machine is cheaper, and the move costs 10."""
    drawing = Drawing(tmp_path)
    text = "business: {cash: {RUB: 5000}, vat: simplified}\n"
    plan = timeline([drawing.calls(text), drawing.machines()], Horizon(months=5, switching=D(10)))
    last, before = booked(plan)[-1], booked(plan)[-2]
    assert plan.months[-1].switching == 10
    assert last.margin == -MACHINE
    assert before.cash is not None
    assert last.cash == before.cash - MACHINE - 10


def test_labour_in_the_bill_has_no_vat_to_deduct(tmp_path: Path) -> None:
    """122 of the cloud are 100 net; 50 of labour stay 50, whether for one month or for a break-even."""
    resources = (
        "  fee: {kind: fixed-cost, role: other, amounts: {RUB: 122}, source: offer}\n"
        "  wage: {kind: fixed-cost, role: other, amounts: {RUB: 50}, source: contract, vat: none}\n"
    )
    text = "business: {price_per_request: {RUB: 1.22}, vat: payer}\n"
    design = Drawing(tmp_path).design("firm", resources, text, "1")
    plan = timeline([design], Horizon(months=1))
    month = plan.months[0]
    assert (month.net, month.vat, month.gross, month.spend) == (D(150), D(22), D(172), D(150))
    assert plan.break_evens[0].first == 150


# Break-even.


def test_the_break_even_month_is_the_first_and_lasts_or_does_not(tmp_path: Path) -> None:
    """A user pays 1 RUB, the cloud costs 122: 100 users growing by 10 % are 100, 110, 121, 133."""
    text = "business: {users: 100, requests_per_user: 10, price_per_user: {RUB: 1}, vat: simplified}\n"
    plan = planned(tmp_path, text, months=5, growth=Fraction(1, 10))
    assert [row.users for row in plan.months] == [D(100), D(110), D(121), D(133), D(146)]
    assert plan.outcome is not None
    assert plan.outcome.break_even_month == plan.outcome.break_even_lasting == plan.months[3].month
    [even] = plan.break_evens
    assert (even.unit, even.first, even.until, even.for_good) == ("users", D(122), None, D(122))
    assert even.searched_to == D(10**9 // 10)


EARNING = "business: {requests_per_user: USED, price_per_user: {RUB: PAID}, costs: COSTS, vat: REGIME}\n"


@pytest.mark.parametrize("regime", ["payer", "simplified"])
@pytest.mark.parametrize(
    ("used", "paid"), [("100000", "40"), ("70000.5", "27"), ("130000", "50"), ("130000", "200")]
)
def test_every_step_that_undoes_a_break_even_is_found(
    tmp_path: Path, used: str, paid: str, regime: str
) -> None:
    """Against the margin at each single number of users, priced by the engine."""
    costs = "[{name: a, amounts: {RUB: 100}}]"
    text = EARNING.replace("USED", used).replace("PAID", paid).replace("COSTS", costs)
    scenario = Drawing(tmp_path).machines(most=4, more=text.replace("REGIME", regime))
    rate = D("1.22") if regime == "payer" else D(1)
    good = []
    for users in range(1, 161):
        bill = bill_at(scenario, Fraction(used) * users)
        cloud = bill.total.net if regime == "payer" else bill.total.gross
        margin = users * D(paid) / rate - cloud - 100 / rate
        if margin >= 0 and not bill.unmet:
            good.append(users)
    plan = timeline([scenario], Horizon(growth=Fraction(0), months=1))
    [even] = plan.break_evens
    runs = [n for n in good if n - 1 not in good]
    assert even.first == runs[0]
    last = next(n for n in good if n + 1 not in good)
    assert even.until == last
    assert even.undone_by == (
        "cost" if not bill_at(scenario, Fraction(used) * (last + 1)).unmet else "promise"
    )
    assert even.for_good is None  # beyond four machines nothing meets its requirements


def bill_at(scenario: LoadedScenario, requests: Fraction) -> Estimate:
    workload = scenario.model.workload.model_copy(update={"monthly_requests": Quantity(requests)})
    return price_scenario(replace(scenario, model=scenario.model.model_copy(update={"workload": workload})))


def test_a_break_even_in_requests_where_users_are_not_known(tmp_path: Path) -> None:
    """Calls cost 610 a million and earn 1000; 100 of other cost need 100 / 390 of a million."""
    text = (
        "business: {price_per_request: {RUB: 0.001}, costs: [{name: a, amounts: {RUB: 100}}],"
        " vat: simplified}\n"
    )
    plan = timeline([Drawing(tmp_path).calls(text)], Horizon(growth=Fraction(0), months=1))
    [even] = plan.break_evens
    assert (even.unit, even.first, even.for_good) == ("requests", D(256_411), D(256_411))
    assert 256_410 * 390 < 100 * 1_000_000 < 256_411 * 390


def test_a_design_that_loses_with_each_user_never_breaks_even(tmp_path: Path) -> None:
    text = "business: {price_per_request: {RUB: 0.0006}, vat: simplified}\n"
    plan = timeline([Drawing(tmp_path).calls(text)], Horizon(growth=Fraction(0), months=2))
    [even] = plan.break_evens
    assert (even.first, even.until, even.for_good) == (None, None, None)
    assert plan.outcome is not None
    assert plan.outcome.break_even_month is None


def test_after_a_month_without_a_design_the_cash_is_not_known(tmp_path: Path) -> None:
    text = "business: {cash: {RUB: 9000}, vat: simplified}\n"
    plan = timeline([Drawing(tmp_path).machines(most=1, more=text)], Horizon(months=12))
    assert [row.business is None for row in plan.months] == [False] * 10 + [True] * 2
    assert plan.outcome is not None
    assert plan.outcome.cash_known_until == plan.months[9].month
    assert plan.outcome.cash_ends is None


SHORT = """\
business:
  price_per_request: 0.4 RUB
  cash: 1.5M RUB
  grants: [{name: Contest, amounts: 500000RUB, starts: 2027-01, ends: 2027-12}]
  costs: [{name: Office, amounts: {RUB: 24400}}]
  vat: payer
"""


def test_an_amount_may_be_written_as_one_text(tmp_path: Path) -> None:
    business = loaded(tmp_path, SHORT, price="122 RUB").model.business
    assert business is not None
    assert business.price_per_request is not None
    assert business.cash is not None
    assert business.price_per_request == {"RUB": D("0.4")}
    assert business.cash == {"RUB": D(1_500_000)}
    assert business.grants[0].amounts == {"RUB": D(500_000)}


@pytest.mark.parametrize(
    "budget",
    [
        "235 USD",
        "235USD",
        "{USD: 235}",
        "{currency: USD, total: 235}",
        "{total: 235 USD}",
        "{total: 235, parts: [{name: Fee, amount: 20 USD, resources: [fee]}]}",
        "{total: 235 USD, parts: [{name: Fee, amount: 20, resources: [fee]}]}",
    ],
)
def test_a_budget_says_its_currency_in_any_place(tmp_path: Path, budget: str) -> None:
    found = loaded(tmp_path, f"budget: {budget}\n").model.budget
    assert found is not None
    assert (found.currency, found.total) == ("USD", D(235))
    assert [part.amount for part in found.parts] == [D(20)] * len(found.parts)


def test_the_schema_allows_amounts_as_texts(tmp_path: Path) -> None:
    text = (
        "scenario: s\ntitle: S\nworkload: {monthly_requests: 10 rps}\nbudget: 2000 USD\n"
        f"{SHORT}prices: {{cloud-registry.storage: {{value: 1.2 RUB, reason: as others}}}}\n"
        "resources: {fee: {kind: fixed-cost, role: other, amounts: 122 RUB, source: offer}}\n"
    )
    Draft202012Validator(schema_of("scenario")).validate(yaml.load(text, yaml.BaseLoader))
