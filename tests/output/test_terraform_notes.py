"""What is said beside the bill of a plan is true of what the bill has in it."""

from __future__ import annotations

from pathlib import Path

import plans

from costplan.catalog.store import Catalog
from costplan.language.translator import ENGLISH
from costplan.output.views.terraform import classes_notes
from costplan.pricing.engine import price_scenario
from costplan.scenario.load import load_scenario

KEY = plans.resource("yandex_kms_symmetric_key.it", {"rotation_period": "8760h"})
NODES = plans.resource(
    "yandex_kubernetes_node_group.it",
    {
        "instance_template": [
            {
                "platform_id": "standard-v3",
                "resources": [{"cores": 2, "memory": 4, "core_fraction": 100, "gpus": 0}],
                "boot_disk": [{"size": 64, "type": "network-ssd"}],
                "scheduling_policy": [{"preemptible": False}],
                "network_interface": [{"nat": False}],
            }
        ],
        "scale_policy": [{"fixed_scale": [], "auto_scale": [{"min": 1, "max": 5, "initial": 2}]}],
    },
)


def notes(folder: Path, *resources: dict[str, object]) -> list[str]:
    found = price_scenario(load_scenario(plans.written(folder, plans.plan(*resources)), Catalog.shipped))
    return [one.text for one in classes_notes(found, ENGLISH)]


def test_a_version_that_is_billed_is_not_called_left_out(tmp_path: Path) -> None:
    *said, hint = notes(tmp_path, KEY)
    assert said == [
        "not in the file, taken as 1: versions (yandex_kms_symmetric_key.it)",
        "not in the file, and in no amount: operations (yandex_kms_symmetric_key.it)",
    ]
    assert hint.startswith("usage that is not stated: `costplan terraform usage ")


def test_the_size_that_a_file_states_is_no_default_of_the_server(tmp_path: Path) -> None:
    assert notes(tmp_path, NODES) == [
        "changes by itself, billed as large as it is at the start: scale_policy.auto_scale "
        "(yandex_kubernetes_node_group.it)"
    ]
