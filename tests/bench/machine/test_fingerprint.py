"""The machine as the kernel states it, what disturbed a run, and the curve over cores."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from measured_examples import environment
from own_time import cpu_seconds

from costplan.bench.machine import fingerprint as module
from costplan.bench.machine.calibration_set import KINDS, profile_of, run_calibration
from costplan.bench.machine.fingerprint import (
    Watch,
    environment_warnings,
    fingerprint,
    gpus_now,
    read_gpus,
)
from costplan.bench.machine.scaling import core_counts, fit_curve, pinned
from costplan.measurement.environment import Gpu

DEMO = Path(__file__).parents[3] / "models" / "digits.onnx"

ICE_LAKE = """\
processor\t: {number}
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 106
model name\t: Intel Xeon Processor (Icelake)
stepping\t: 6
physical id\t: 0
core id\t\t: {core}
flags\t\t: fpu vme sse2 avx2 fma f16c avx512f avx512bw avx512vl avx512_vnni hypervisor
"""


def fake_machine(folder: Path) -> Path:
    """Two cores of two threads each, as a guest of KVM sees them."""
    blocks = [ICE_LAKE.format(number=n, core=n // 2) for n in range(4)]
    (folder / "proc").mkdir()
    (folder / "proc/cpuinfo").write_text("\n".join(blocks) + "\n")
    for name, text in {
        "sys/class/dmi/id/sys_vendor": "KVM\n",
        "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
        "sys/fs/cgroup/memory.max": "1073741824\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for node in ("node0", "node1"):
        (folder / "sys/devices/system/node" / node).mkdir(parents=True)
    return folder


def test_the_processor_is_read_as_the_kernel_states_it(tmp_path: Path) -> None:
    found = fingerprint(fake_machine(tmp_path))
    processor = found.processor
    assert processor.name == "Intel Xeon Processor (Icelake)"
    assert (processor.vendor, processor.family, processor.model, processor.stepping) == (
        "GenuineIntel",
        6,
        106,
        6,
    )
    assert processor.isa == ("avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vl", "avx512_vnni")
    assert (processor.sockets, processor.cores, processor.threads) == (1, 2, 4)
    assert processor.governor == "performance"
    assert (found.hypervisor, found.numa_nodes, found.memory_limit_bytes) == ("KVM", 2, 2**30)


def test_a_machine_that_tells_nothing_gives_a_fingerprint_all_the_same(tmp_path: Path) -> None:
    found = fingerprint(tmp_path)
    assert found.processor.isa == ()
    assert found.hypervisor is None
    assert found.numa_nodes == 1


def test_the_fingerprint_of_this_machine_keeps_its_name_and_paths_out() -> None:
    texts = [str(value) for value in asdict(fingerprint()).values()]
    assert not any(socket.gethostname() == text or text.startswith("/") for text in texts)
    assert fingerprint().affinity == len(os.sched_getaffinity(0))


def test_only_the_kernel_s_own_version_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.platform.uname()
    told = real._replace(release="6.1.0-18-build-of-alice")
    monkeypatch.setattr(module.platform, "uname", lambda: told)
    assert fingerprint().kernel == "6.1.0"


def test_gpus_are_read_from_the_driver_s_table() -> None:
    text = (
        "Tesla T4, 550.54.15, 70.00, 15360, [N/A], 1590, 585, 27.31\n"
        "NVIDIA A100, 550.54.15, [N/A], 40960, Enabled, 1410, [N/A], [Not Supported]\nnonsense\n"
    )
    assert read_gpus(text) == [
        Gpu("Tesla T4", "550.54.15", 70.0, 15360, None, 1590.0, 585.0, 27.31),
        Gpu("NVIDIA A100", "550.54.15", None, 40960, "Enabled", 1410.0, None, None),
    ]


def test_the_driver_is_asked_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "nvidia-smi"
    fake.write_text(
        "#!/bin/sh\n"
        'asked="name,driver_version,power.limit,memory.total,mig.mode.current,clocks.max.sm,clocks.sm,power.draw"\n'
        '[ "$1 $2" = "--query-gpu=$asked --format=csv,noheader,nounits" ] || exit 2\n'
        'echo "Tesla T4, 550.54.15, 70.00, 15360, [N/A], 1590, 1470, 66.20"\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (gpu,) = gpus_now()
    assert gpu == Gpu("Tesla T4", "550.54.15", 70.0, 15360, None, 1590.0, 1470.0, 66.2)
    (at_rest,) = fingerprint().gpus
    assert at_rest == replace(gpu, clock_mhz=None, power_w=None), "clock and power count after the load only"
    fake.write_text("#!/bin/sh\nexit 9\n")
    assert gpus_now() == ()


@pytest.mark.parametrize(
    ("steal", "other", "said"),
    [(0.0, 0.0, []), (0.01, 0.05, []), (0.02, 0.0, ["steal"]), (0.0, 0.06, ["other processes used 6%"])],
    ids=["idle", "at the limits", "steal", "others"],
)
def test_steal_and_other_processes_are_warned_of_above_their_limits(
    steal: float, other: float, said: list[str]
) -> None:
    found = environment_warnings(replace(environment(), steal_share=steal, other_cpu_share=other))
    assert len(found) == len(said)
    assert all(words in text for words, text in zip(said, found, strict=True))


def test_a_quota_of_a_part_of_a_processor_is_warned_of() -> None:
    assert environment_warnings(environment(cpu_quota=2.0)) == []
    assert "quota of 1.5 processors" in environment_warnings(environment(cpu_quota=1.5))[0]


def test_our_own_work_is_not_that_of_other_processes() -> None:
    """A child burns a processor: seen as another's while it runs, as our own once it has ended."""
    watch = Watch()
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    time.sleep(0.8)
    running = watch.close(environment())
    child.kill()
    child.wait()
    ended = watch.close(environment())
    assert running.other_cpu_share is not None
    assert ended.other_cpu_share is not None
    assert running.other_cpu_share > 0.2 / (os.cpu_count() or 1)
    assert ended.other_cpu_share < running.other_cpu_share


def test_cores_are_doubled_up_to_all_of_them() -> None:
    assert [core_counts(n) for n in (1, 2, 4, 6)] == [[1], [1, 2], [1, 2, 4], [1, 2, 4, 6]]


def test_two_points_fit_amdahl_s_law() -> None:
    """X(2) = 1.6 X(1): 2 / 1.6 - 1 = 0.25 is all contention."""
    curve = fit_curve([(1, 100.0), (2, 160.0)])
    assert curve is not None
    assert (curve.contention, curve.coherency) == (0.25, 0.0)
    assert curve.relative(2) == pytest.approx(1.6)


def test_the_fit_finds_a_known_curve() -> None:
    truth = [(n, 50.0 * n / (1 + 0.05 * (n - 1) + 0.01 * n * (n - 1))) for n in (1, 2, 4, 8)]
    curve = fit_curve(truth)
    assert curve is not None
    assert (curve.contention, curve.coherency) == (pytest.approx(0.05), pytest.approx(0.01))


def test_better_than_proportion_is_taken_as_proportion() -> None:
    curve = fit_curve([(1, 100.0), (2, 230.0)])
    assert curve is not None
    assert (curve.contention, curve.coherency) == (0.0, 0.0)


def test_no_answers_on_some_number_of_cores_give_no_curve() -> None:
    assert fit_curve([(1, 10.0), (2, 0.0), (4, 10.0)]) is None
    assert fit_curve([(1, 10.0)]) is None


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_a_pinned_process_is_let_go_again() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        before = os.sched_getaffinity(child.pid)
        with pinned(child.pid, 1) as is_pinned:
            assert is_pinned
            assert len(os.sched_getaffinity(child.pid)) == 1
        assert os.sched_getaffinity(child.pid) == before
    finally:
        child.kill()
        child.wait()


def test_the_calibration_set_runs_every_kind_in_its_time() -> None:
    used = cpu_seconds()
    found = run_calibration(0.05)
    assert tuple(found) == KINDS
    assert all(rate > 0 for rate in found.values())
    assert found["overhead"] > found["memory"]
    assert cpu_seconds() - used < 10


def test_a_model_s_profile_is_read_off_its_operators() -> None:
    assert profile_of(DEMO, run_ms=0.01) == "overhead"
    assert profile_of(DEMO, run_ms=5.0) in ("gemm", "memory", "convolution")
    assert profile_of(DEMO.with_name("README.md"), run_ms=5.0) is None
