"""What is the same up to a factor is one atom, and nothing else is."""

from __future__ import annotations

from fractions import Fraction

from costplan.formulas.merged import merged
from costplan.quantities.formula import Interpreter, Quotient, atoms_of
from costplan.quantities.quantity import Quantity

LOAD, CAPACITY = Quantity(1).as_variable("load"), Quantity(1).as_variable("capacity")


def test_shares_of_one_load_over_one_capacity_are_one_quotient() -> None:
    """12 requests and 2 a machine make 36 / 18 and 48 / 12, and 2 rounded up to 5: 2 + 4 + 5."""
    some = (LOAD * 3) / (CAPACITY * 9)
    more = (LOAD * 4) / (CAPACITY * 6)
    formula = (some + more + some.rounded_up_to(5)).as_formula()
    assert sum(isinstance(atom, Quotient) for atom in atoms_of([formula])) == 2
    [found] = merged([formula])
    assert sum(isinstance(atom, Quotient) for atom in atoms_of([found])) == 1
    values = {"load": Fraction(12), "capacity": Fraction(2)}
    assert Interpreter(values)(found) == Interpreter(values)(formula) == 2 + 4 + 5


def test_what_is_above_zero_at_other_loads_stays_apart() -> None:
    """8 - 5 above, 5 - 8 below: a negative factor does not pass a maximum of 0."""
    above, below = (LOAD - 5).or_zero(), (Quantity(5) - LOAD).or_zero()
    found = merged([(above * 2).as_formula(), below.as_formula(), (LOAD * 2 - 10).or_zero().as_formula()])
    assert [Interpreter({"load": Fraction(8)})(one) for one in found] == [6, 0, 6]
    assert len(atoms_of(found)) == 3
