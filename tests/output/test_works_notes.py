"""Notes on whether a design works: a reason once, with all that it holds of."""

from __future__ import annotations

from costplan.language.translator import ENGLISH, Translator
from costplan.messages.reason import Reason
from costplan.output.views.feasibility_notes import works_notes
from costplan.pricing.feasibility import Caveat

NO_CAPACITY = Reason("has no stated capacity: nothing says how much it serves")
STOPPED = Reason("may be stopped by the provider at any time (preemptible)")


def notes(*found: Caveat, words: Translator = ENGLISH) -> list[str]:
    return [note.text for note in works_notes((), (), found, (), words)]


def test_a_reason_of_one_resource_names_it() -> None:
    assert notes(Caveat("api", "no-capacity", NO_CAPACITY)) == [f"not known: api: {NO_CAPACITY}"]


def test_a_reason_of_several_resources_is_said_once_where_it_first_stood() -> None:
    found = notes(
        Caveat("api", "no-capacity", NO_CAPACITY),
        Caveat("worker", "preemptible", STOPPED),
        Caveat("db", "no-capacity", NO_CAPACITY),
    )
    assert found == [f"not known: each of api, db: {NO_CAPACITY}", f"not known: worker: {STOPPED}"]


def test_a_fleet_is_counted_after_twelve_names() -> None:
    [said] = notes(*(Caveat(f"vm-{number}", "no-capacity", NO_CAPACITY) for number in range(1000)))
    named = ", ".join(f"vm-{number}" for number in range(12))
    assert said == f"not known: each of {named} and 988 more: {NO_CAPACITY}"


def test_it_is_said_in_russian_too() -> None:
    [said] = notes(*(Caveat(name, "no-capacity", NO_CAPACITY) for name in ("a", "b")), words=Translator("ru"))
    assert "каждый из a, b: " in said
    assert "has no" not in said
