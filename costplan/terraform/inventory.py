"""The section of a scenario that says which file of Terraform it was made from, and what became of it.

terraform:
  file: plan.json
  resources:
    yandex_compute_instance.api: {type: yandex_compute_instance, status: priced, resources: [api]}
    yandex_vpc_network.main: {type: yandex_vpc_network, status: free}
"""

from __future__ import annotations

from typing import Annotated, Literal

from costplan.checked.markers import Field
from costplan.source.fields import MAX_LIST, Flag, Model, Name, Text
from costplan.terraform.planned import MOST_RESOURCES

Status = Literal["priced", "free", "usage-based", "unknown-until-apply", "not-supported"]


class TerraformResource(Model):
    """One resource of the file."""

    type: Text
    """Its type: `yandex_compute_instance`."""
    status: Status
    """What it is to the bill. `priced`: all that its price hangs on is known. `free`: nothing is charged for
    it. `usage-based`: its price hangs on a quantity that is not in the file. `unknown-until-apply`: some of
    it is filled in by the server. `not-supported`: it may be charged for, and its price is not known."""
    resources: Annotated[tuple[Name, ...], Field(max_length=MAX_LIST)] = ()
    """Resources of the scenario that bill it."""
    assumed: Annotated[tuple[Text, ...], Field(max_length=MAX_LIST)] = ()
    """Attributes that are unknown until apply, and taken from the server's default."""
    unpriced: Annotated[tuple[Text, ...], Field(max_length=MAX_LIST)] = ()
    """Attributes whose cost is in no amount."""
    usage: Annotated[tuple[Text, ...], Field(max_length=MAX_LIST)] = ()
    """Quantities that are not in the file: what hangs on them is in no amount."""


class TerraformFile(Model):
    """A plan or a state, resource by resource."""

    file: Text
    """Where it was read from."""
    complete: Flag = True
    """Whether it is all that there will be: a plan of some targets only is not."""
    without_terraform: Flag = False
    """Whether it is a folder of .tf files that was read without Terraform."""
    resources: Annotated[dict[Text, TerraformResource], Field(max_length=MOST_RESOURCES)]
    """Address -> what it is to the bill."""


def billed_by_file(scenario: object) -> frozenset[str]:
    """Return the resources of a checked scenario that a file of Terraform stands behind."""
    section: TerraformFile | None = getattr(scenario, "terraform", None)
    rows = section.resources.values() if section is not None else ()
    return frozenset(name for row in rows for name in row.resources)
