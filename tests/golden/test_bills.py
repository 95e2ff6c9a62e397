"""Bills of every resource kind, worked out by hand: `CASE.yaml` is the scenario, `CASE.bill.yaml` its bill.

Quantities and costs stand as the arithmetic that a person would write, in exact fractions. `round12` is the
one rounding of a bill: a pricing quantity keeps twelve decimals, half to even.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from costplan.catalog.store import Catalog
from costplan.catalog.verify import configured_skus
from costplan.pricing.engine import price_scenario
from costplan.resources.contract import StatedCost
from costplan.resources.kinds import KINDS, resource_kind
from costplan.resources.kinds.metered import Metered
from costplan.scenario.load import load_scenario

FOLDER = Path(__file__).parent
CASES = sorted(path for path in FOLDER.glob("*/*.yaml") if not path.name.endswith(".bill.yaml"))
OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(expression: str) -> Fraction:
    """Work out an expression of numbers, `+ - * /`, brackets and `round12`, exactly."""
    return _value(ast.parse(expression, mode="eval").body, expression)


def _value(node: ast.expr, source: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, source), _value(node.right, source))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    assert node.func.id == "round12"
    return Fraction(round(_value(node.args[0], source) * 10**12), 10**12)


def bill_of(case: Path) -> dict[str, list[dict[str, str]]]:
    text = case.with_suffix(".bill.yaml").read_text(encoding="utf-8")
    bill: dict[str, list[dict[str, str]]] = yaml.load(text, Loader=yaml.BaseLoader)
    return bill


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_bill_is_the_one_worked_out_by_hand(case: Path) -> None:
    expected = bill_of(case)
    bill = price_scenario(load_scenario(str(case), Catalog.shipped))
    lines = [line for resource in bill.resources for line in resource.line_items]
    assert [(line.sku, line.unit) for line in lines] == [(e["sku"], e["unit"]) for e in expected["lines"]]
    for line, wanted in zip(lines, expected["lines"], strict=True):
        assert Fraction(line.quantity) == worked_out(wanted["quantity"]), line.sku
        assert Fraction(line.monthly_cost) == worked_out(wanted["cost"]), line.sku
    assert Fraction(bill.total.monthly_cost) == sum(
        (worked_out(wanted["cost"]) for wanted in expected["lines"]), Fraction(0)
    )
    missing = [(part.sku, Fraction(part.quantity)) for part in bill.unpriced]
    assert missing == [(e["sku"], worked_out(e["quantity"])) for e in expected.get("unpriced", [])]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_net_and_vat_of_a_bill_make_its_gross(case: Path) -> None:
    """Prices in RUB include 22% VAT in October 2026: net is 100/122 of them."""
    bill = price_scenario(load_scenario(str(case), Catalog.shipped))
    assert bill.total.net + bill.total.vat == bill.total.gross
    exact = Fraction(bill.total.gross) * 100 / 122
    assert abs(Fraction(bill.total.net) - exact) <= Fraction(1, 2 * 10**12)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_kind_uses_no_sku_that_it_does_not_announce(case: Path) -> None:
    scenario = load_scenario(str(case), Catalog.shipped)
    kind = resource_kind(case.parent.name)
    announced = {(service, scenario.catalog.metered_sku(service, meter)) for service, meter in kind.meters}
    if kind.catalog_service:
        announced |= {
            (kind.catalog_service, code)
            for code in configured_skus(scenario.catalog.service(kind.catalog_service))
        }
    resource = scenario.resources["it"]
    if isinstance(resource, Metered):
        announced |= {(resource.service, used.sku) for used in resource.uses}
    used = [part for part in resource.usage(scenario.context) if not isinstance(part, StatedCost)]
    assert {(part.service, part.sku) for part in used} <= announced


def test_every_kind_has_a_bill_of_its_own() -> None:
    assert {case.parent.name for case in CASES} == set(KINDS)
    for case in CASES:
        assert yaml.safe_load(case.read_text(encoding="utf-8"))["resources"]["it"]["kind"] == case.parent.name


def test_no_bill_is_left_without_its_scenario() -> None:
    bills = {path.name.removesuffix(".bill.yaml") for path in FOLDER.glob("*/*.bill.yaml")}
    assert bills == {case.stem for case in CASES}


def test_expressions_are_worked_out_exactly() -> None:
    assert worked_out("0.1 + 0.2") == Fraction(3, 10)
    assert worked_out("round12(1 / 3) * 3") == Fraction(Decimal("0.999999999999"))
    assert worked_out("(150 - 100) * 720 / 168") == Fraction(1500, 7)
