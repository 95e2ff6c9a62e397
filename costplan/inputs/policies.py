"""Policies as they are named behind an option: read, checked, each under a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from costplan.analysis.policy.policy_file import Policy, PolicyFile
from costplan.inputs.repository import in_repository
from costplan.messages.errors import Fault, InputError, did_you_mean
from costplan.messages.reason import Reason
from costplan.messages.text import visible
from costplan.source.fields import validate
from costplan.source.reader import Mapping, locate, read_yaml, to_plain


def read_policies(paths: Sequence[Path]) -> list[PolicyFile]:
    """Read policies.

    Raises:
        InputError: One cannot be read or is wrong, or two are called alike.
    """
    found = [read_policy(path) for path in dict.fromkeys(paths)]
    for name, count in Counter(one.policy.policy for one in found).items():
        if count > 1:
            files = ", ".join(one.file for one in found if one.policy.policy == name)
            hint = Reason("give each policy a name of its own: its results are called by it")
            raise InputError(Reason("two policies are called `{name}`: {files}", name, files), hint=hint)
    return found


def read_policy(path: Path) -> PolicyFile:
    """Read one policy.

    Raises:
        InputError: With every fault that was found.
    """
    node = read_yaml(path, shown_as=visible(str(path)))
    policy = validate(Policy, to_plain(node), node)
    assert policy is not None
    faults = list(_faults(policy, node))
    if faults:
        raise InputError(faults)
    rules = tuple(_line(node, "rules", at) for at in range(len(policy.rules)))
    waivers = tuple(_line(node, "waivers", at) for at in range(len(policy.waivers)))
    return PolicyFile(policy, in_repository(str(path)), rules, waivers)


def _line(node: Mapping, key: str, at: int) -> int:
    return locate(node, [key, at])[0].line


def _faults(policy: Policy, node: Mapping) -> Iterator[Fault]:
    names = [rule.name for rule in policy.rules]
    if not names:
        message = Reason("must hold {min_length} or more entries, got {actual_length}", 1, 0)
        yield Fault(message, *locate(node, ["rules"]))
    for at, name in enumerate(names):
        if name in names[:at]:
            mark, path = locate(node, ["rules", at, "name"])
            yield Fault(Reason("there is another rule `{name}`", name), mark, path)
    for at, waiver in enumerate(policy.waivers):
        if waiver.rule not in names:
            mark, path = locate(node, ["waivers", at, "rule"])
            hint = did_you_mean(waiver.rule, names)
            yield Fault(Reason("there is no rule `{name}`", waiver.rule), mark, path, hint)
