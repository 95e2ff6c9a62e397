"""The registry of commands: one row a command."""

from __future__ import annotations

from typing import NamedTuple


class Group(NamedTuple):
    """Commands under a common word."""

    help: str
    commands: dict[str, str]
    default: str | None = None
    """What the common word does by itself, when none of the commands follows it."""


PANELS: dict[str, dict[str, str | Group]] = {
    "Price": {
        "estimate": "estimate:estimate",
        "compare": "compare:compare",
        "diff": "diff:diff",
        "explain": "explain:explain",
        "check": "check:check",
    },
    "Plan": {
        "curve": "curve:curve",
        "plan": "plan:plan",
        "timeline": "timeline:timeline",
        "sensitivity": "sensitivity:sensitivity",
        "report": "report:report",
    },
    "Measure": {
        "bench": Group(
            "Measure a model, and what a million requests cost.",
            {
                "show": "bench:show_bench",
                "compare": "bench_compare:compare_bench",
                "list": "bench_kept:list_bench",
                "clean": "bench_kept:clean_bench",
                "export": "bench_export:export_bench",
                "calibrate": "bench_export:calibrate_bench",
                "worker": "bench_cluster:run_worker",
                "cluster": "bench_cluster:write_cluster",
                "merge": "bench_cluster:merge_bench",
            },
            default="bench:bench",
        ),
    },
    "Prices and scenarios": {
        "catalog": Group(
            "Prices, quotas, limits, capacities: list, show, diff, import, quotas, capacities, verify.",
            {
                "list": "catalog:list_skus",
                "show": "catalog:show_sku",
                "diff": "catalog:compare_prices",
                "import": "catalog:import_prices",
                "quotas": "catalog:list_quotas",
                "capacities": "catalog:list_capacities",
                "verify": "catalog:verify_catalog",
            },
        ),
        "scenario": Group(
            "Find scenarios, see what they may contain, and start one of your own.",
            {
                "list": "scenario:list_scenarios",
                "show": "scenario:show_scenario",
                "kinds": "scenario:list_kinds",
                "kind": "scenario:show_kind",
                "new": "scenario:new_scenario",
            },
        ),
    },
    "Terraform": {
        "terraform": Group(
            "Files of a Terraform plan: its usage, a scenario of the same bill, a plan without secrets.",
            {
                "usage": "terraform:write_usage",
                "scenario": "terraform:write_scenario",
                "redact": "terraform:write_redacted",
            },
        ),
    },
    "Review": {
        "note": "note:write_note",
        "ci": "ci:write_pipeline",
    },
    "Other": {
        "config": "config:config",
        "schema": "schema:schema",
        "doctor": "doctor:doctor",
        "help": "help:show_help",
        "version": "version:version",
    },
}
"""Panel of the help -> name of the command -> module and function, or a group of them: one row a command."""
COMMANDS = {name: entry for rows in PANELS.values() for name, entry in rows.items()}
"""Name of the command -> module and function, or a group of them."""
