"""Command lines that answer with each document."""

from __future__ import annotations

from price_answers import SAVED

ANSWERS: dict[str, tuple[str, ...]] = {
    "estimate": (
        "estimate stage1",
        "estimate stage2 --currency USD",
        "estimate stage2 --variant lean --currency KZT",
        "estimate stage3",
        "estimate stage3 --as-of 2022-05-01",
        "estimate stage3:managed-opensearch",
        "estimate stage1 --requests 0",
        "estimate stage1 --set budget=~",
        "estimate stage1 --set free_tier=false",
    ),
    "uncertain-estimate": (
        "estimate stage3 --uncertain --draws 1K",
        "estimate stage3:managed-opensearch --uncertain --draws 1K --seed 2 --currency USD",
        "estimate stage3 --uncertain --draws 1K --set budget=~",
    ),
    "uncertain-comparison": (
        "compare stage2 stage3 --uncertain --draws 1K",
        "compare stage3 --uncertain --draws 1K",
    ),
    "sensitivity": (
        "sensitivity stage3 --draws 1K",
        "sensitivity stage1",
        "sensitivity stage3:managed-opensearch --swing 35% --draws 1K",
    ),
    "curve": (
        "curve",
        "curve stage1 --from 1 --to 2",
        "curve stage3:managed-opensearch stage1 --per-million --points 5 --currency USD",
    ),
    "comparison": (
        "compare",
        "compare --requests 5M",
        "compare stage3 --variants --set budget=~",
        "compare stage1",
    ),
    "diff": (
        "diff stage2 stage2:preemptible",
        "diff stage1 stage2 --currency USD",
        "diff stage1 --as-of 2025-10-01 --as-of 2026-10-06",
    ),
    "explanation": ("explain stage2", "explain stage2 network", "explain stage3:managed-opensearch elk"),
    "checks": ("check stage2 --variant lean --parts --max 1000000", "check stage2:preemptible"),
    "check-list": ("check stage2:preemptible stage2:lean --parts",),
    "price-list": ("catalog list", "catalog list --service vpc --currency USD --as-of 2025-10-15"),
    "quota-list": ("catalog quotas", "catalog quotas --service compute --match gpu"),
    "price-history": (
        "catalog show network.egress.inet",
        "catalog show storage.bucket.used_space.standard",
        "catalog show compute.vm.ram.v4a",
    ),
    "capacity-list": ("catalog capacities --match resnet50", "catalog capacities --match qwen25-0b5"),
    "price-import": (f"catalog import {SAVED}",),
    "price-changes": ("catalog diff --from 2026-05-01", "catalog diff --from 2025-12-01 --service vpc"),
    "plan": (
        "plan stage2 --budget 235USD",
        "plan stage2 --budget 50USD",
        "plan --requests 5M --commit y1",
        "plan stage3 --zones 3 --quota gpu=1",
    ),
    "verification": ("catalog verify",),
    "scenario-list": ("scenario list",),
    "kind-list": ("scenario kinds",),
    "kind-reference": ("scenario kind metered", "scenario kind serverless-container"),
    "shown-scenario": ("scenario show stage2:preemptible",),
    "timeline": (
        "timeline --growth 40% --months 30 --switching 150000RUB --budget 60000",
        "timeline stage2 --growth 60% --months 12 --currency USD",
        "timeline stage3:managed-opensearch --growth 0% --months 1",
    ),
    "health": ("doctor",),
    "configuration": ("config",),
    "bench-comparison": (
        "bench compare digits-triton-http digits-triton-grpc",
        "bench compare digits-service digits-onnxruntime digits-triton-http --currency USD",
    ),
    "bench-list": ("bench list",),
    "measurement": ("bench show digits-service", "bench show digits-service --currency USD"),
}  # fmt: skip
"""Schema -> command lines that answer with such a document."""
