"""The file that a new scenario begins as: every key of the workload, and what it takes over is marked.

A value of the stage that it changes is the stage's, not the user's: `# yours?` stands beside it. Figures
measured for its example come as assumptions, and its budget does not come at all. A blank file leaves
all of it open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from pydantic import TypeAdapter, ValidationError

from costplan.language.translator import Translator
from costplan.messages.errors import InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import listed, visible
from costplan.resources.kinds import KINDS, resource_kind
from costplan.resources.workload import Workload
from costplan.scenario.document.files import open_document, shipped_scenarios
from costplan.scenario.document.layers import resolve_extends
from costplan.scenario.template_values import LOAD, Values, on_cores
from costplan.source.field_texts import field_texts
from costplan.source.fields import Name
from costplan.source.reader import Mapping, Node, Scalar

DEFAULT_BASE = "stage1"
SCHEMA = "scenario.schema.json"
EXAMPLES = {
    "monthly_requests": "5M/month",
    "request_duration": "150 ms",
    "request_cpu_time": "150 ms",
    "request_size": "100 KB",
    "response_size": "2 KB",
    "log_size": "0.5 KB",
    "log_retention": "3 days",
    "stored_size": "100 KB",
    "retention": "30 days",
    "arrivals": "{profile: office-hours, peak_factor: 2}",
    "slo": "p95 <= 1.5 s",
    "growth": "10%/month",
    "seasonality": f"[{', '.join(['1'] * 12)}]",
}
"""Key of the workload -> how a value of it is written."""
BUDGET_EXAMPLE = "5000 RUB"


@dataclass(frozen=True, slots=True)
class NewScenario:
    """What a file is begun with."""

    name: str
    base: str | None
    """The shipped scenario that it changes; None for one that stands alone."""
    document: Mapping | None
    """That scenario, with figures in place of the files that it names."""
    values: Values
    words: Translator

    def lines(self) -> Iterator[str]:
        """Give the lines of the file."""
        return chain(self._head(), self._description(), self._workload(), self._budget(), self._resources())

    def _head(self) -> Iterator[str]:
        words, base = self.words, self.base
        command = f"costplan schema scenario -o {SCHEMA}"
        yield f"# yaml-language-server: $schema={SCHEMA}"
        message = "Completion in an editor: `{command}`; all keys: `costplan help --page scenario`."
        yield f"# {words(message, command=command)}"
        if base:
            yield f"# {words('Changes to `{base}`; see it with `costplan scenario show {base}`.', base=base)}"
        message = "`yours?` marks what is not yours: put your own value in its place, and take the mark away."
        if self.values.is_blank:
            message = "What is `~` is not stated: write your own value where your design needs one."
        yield f"# {words(message)}"
        yield from ("", f"scenario: {self.name}")
        yield from [f"extends: {base}"] if base else []
        yield f"title: {words('{name}, from {base}', name=self.name, base=base) if base else self.name}"

    def _description(self) -> Iterator[str]:
        """Take away what the stage says of itself."""
        words = self.words
        if self.document is not None and "description" in self.document.entries:
            yield f"description: ~  # {words('what the design is for')}"

    def _workload(self) -> Iterator[str]:
        yield from ("", "workload:")
        stated, texts = _below(self.document, "workload"), field_texts(Workload)
        for key in Workload.model_fields:
            yield f"  # {self.words.reason(texts[key])}"
            if self.values.is_blank:
                yield self.values.open(f"  {key}", EXAMPLES[key])
            elif key in stated:
                why = LOAD if key == "monthly_requests" else None
                node = on_cores(stated[key], self._cores()) if key == "request_duration" else stated[key]
                yield self.values.line(f"  {key}", node, EXAMPLES[key], why)
            else:
                yield f"  # {key}: {EXAMPLES[key]}"

    def _cores(self) -> Fraction | None:
        """Return the cores on which the base works on a request; None where it does not say."""
        for node in _below(self.document, "resources").values():
            vcpu = node.entries.get("vcpu") if isinstance(node, Mapping) else None
            if isinstance(vcpu, Scalar) and vcpu.value:
                return Fraction(vcpu.value)
        return None

    def _budget(self) -> Iterator[str]:
        words = self.words
        yield ""
        yield f"# {words('What a month may cost; `costplan check` holds the bill to it.')}"
        yield self.values.open("budget", BUDGET_EXAMPLE)

    def _resources(self) -> Iterator[str]:
        words = self.words
        yield ""
        resources = _below(self.document, "resources")
        if not resources:
            yield from self._kinds()
            return
        first = next(iter(resources))
        names = ", ".join(resources)
        yield f"# {words('Resources of {base}: {names}.', base=self.base, names=names)}"
        message = "What stands below one is laid over it; `{first}: ~` takes it away."
        yield f"# {words(message, first=first)}"
        found = {
            name: lines for name, node in resources.items() if (lines := [*self.values.figures(node, 2)])
        }
        if not found:
            note = words("why it differs")
            yield from ("# resources:", f"#   {first}:", f"#     note: {note}")
            return
        yield "resources:"
        for name, lines in found.items():
            yield from (f"  {name}:", *lines)

    def _kinds(self) -> Iterator[str]:
        words = self.words
        message = (
            "What is paid for. An example of each kind; `costplan scenario kind KIND` explains its keys."
        )
        yield f"# {words(message)}"
        yield "resources:"
        yield from (f"  # {kind}: {resource_kind(kind).example}" for kind in KINDS)


NO_TEXTS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
"""Names that readers of YAML take for nothing or a truth value, here or in an editor."""


def new_document(name: str, base: str | None, words: Translator, *, is_blank: bool = False) -> str:
    """Return the text of a new scenario.

    Args:
        name: Its name.
        base: The shipped scenario that it changes; when left out the first, or none for a blank one.
        words: The language of its comments and reasons.
        is_blank: Whether what the base says of the service is left open.

    Raises:
        InputError: The name is not one, or that of a shipped scenario; or there is no such base.
    """
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        hint = "the file may lie elsewhere: -o FILE" if "/" in name else None
        raise InputError(Reason("NAME: {why}", error.errors()[0]["ctx"]["error"]), hint=hint) from None
    if name in NO_TEXTS:
        raise InputError(
            Reason("NAME: YAML reads `{name}` as something else than a text", name),
            hint=Reason("give yours another name: my-{name}", name),
        )
    if name in shipped_scenarios():
        raise InputError(
            Reason("NAME: `{name}` is a scenario that comes with costplan", name),
            hint=Reason("give yours another name: my-{name}", name),
        )
    begun = base or (None if is_blank else DEFAULT_BASE)
    if begun is not None and begun not in shipped_scenarios():
        hint = did_you_mean(begun, shipped_scenarios()) or Reason(
            "shipped: {shipped}", listed(shipped_scenarios())
        )
        raise InputError(Reason("there is no scenario `{name}`", name=visible(begun[:60])), hint=hint)
    document = resolve_extends(open_document(begun)) if begun else None
    new = NewScenario(name, begun, document, Values(words, is_blank), words)
    return "\n".join(new.lines()) + "\n"


def _below(document: Mapping | None, key: str) -> dict[str, Node]:
    node = document.entries.get(key) if document else None
    return dict(node.entries) if isinstance(node, Mapping) else {}
