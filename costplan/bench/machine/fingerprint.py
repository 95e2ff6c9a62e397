"""What the machine is and how busy it was: without this a figure says nothing about another machine.

Sources: Linux `Documentation/filesystems/proc.rst`, `Documentation/ABI/testing/sysfs-devices-system-cpu`,
`Documentation/admin-guide/cgroup-v2.rst`; `nvidia-smi --help-query-gpu`.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from costplan.bench.clock import loop_name
from costplan.cpus import cpu_quota, usable_cpus
from costplan.measurement.environment import Environment, Gpu, Processor
from costplan.measurement.model import MAX_OTHER_SHARE, MAX_STEAL_SHARE

ISA_FLAGS = (
    "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16",
    "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimddp", "bf16", "i8mm", "sve",
)  # fmt: skip
"""Extensions that choose between kernels of ONNX Runtime's MLAS, as /proc/cpuinfo spells them."""

_LIBRARIES = (
    "onnxruntime",
    "onnxruntime-gpu",
    "onnxruntime-openvino",
    "numpy",
    "grpcio",
    "httptools",
    "fastapi",
    "uvicorn",
)
_GPU_QUERY = (
    "name", "driver_version", "power.limit", "memory.total", "mig.mode.current", "clocks.max.sm", "clocks.sm",
    "power.draw",
)  # fmt: skip


def fingerprint(root: Path = Path("/")) -> Environment:
    """Describe this machine; the host's name and paths stay out.

    Args:
        root: Where /proc and /sys are; another folder in tests.
    """
    uname = platform.uname()
    return Environment(
        system=uname.system,
        architecture=uname.machine,
        kernel=_leading_version(uname.release),
        libc=" ".join(platform.libc_ver()).strip(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        processor=_processor(root),
        usable_cpus=float(_usable()),
        affinity=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        cpu_quota=cpu_quota(),
        memory_bytes=psutil.virtual_memory().total,
        memory_limit_bytes=_memory_limit(root),
        numa_nodes=len(list((root / "sys/devices/system/node").glob("node[0-9]*"))) or 1,
        hypervisor=_hypervisor(root),
        gpus=tuple(replace(gpu, clock_mhz=None, power_w=None) for gpu in gpus_now()),
        load_before=_load(),
        versions=_versions(),
    )


def _usable() -> float:
    quota = cpu_quota()
    return usable_cpus() if quota is None else min(float(usable_cpus()), quota)


def _leading_version(release: str) -> str:
    """Keep the kernel's own version: what distributors and builders append may name a machine."""
    found = re.match(r"\d+(\.\d+)*", release)
    return found.group() if found else ""


def _processor(root: Path) -> Processor:
    text = _text(root / "proc/cpuinfo")
    blocks = [_fields(block) for block in text.strip().split("\n\n")] if text else []
    first: Mapping[str, str] = blocks[0] if blocks else {}
    flags = set((first.get("flags") or first.get("Features") or "").split())
    pairs = {(block.get("physical id", "0"), block.get("core id", str(n))) for n, block in enumerate(blocks)}
    sockets = {block.get("physical id", "0") for block in blocks}
    frequency = psutil.cpu_freq() if hasattr(psutil, "cpu_freq") else None
    governor = _text(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").strip()
    return Processor(
        name=first.get("model name") or platform.processor() or platform.machine(),
        vendor=first.get("vendor_id") or first.get("CPU implementer", ""),
        family=_whole(first.get("cpu family")),
        model=_whole(first.get("model")),
        stepping=_whole(first.get("stepping")),
        isa=tuple(flag for flag in ISA_FLAGS if flag in flags),
        sockets=len(sockets) or None,
        cores=len(pairs) or psutil.cpu_count(logical=False),
        threads=len(blocks) or os.cpu_count(),
        frequency_mhz=round(frequency.max or frequency.current, 1) if frequency else None,
        governor=governor or None,
    )


def _fields(block: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in block.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _memory_limit(root: Path) -> int | None:
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        text = _text(root / "sys/fs/cgroup" / name).strip()
        if text.isdigit() and int(text) < psutil.virtual_memory().total:
            return int(text)
    return None


def _hypervisor(root: Path) -> str | None:
    for name in ("sys/hypervisor/type", "sys/class/dmi/id/sys_vendor"):
        text = _text(root / name).strip()
        if text and "hypervisor" in _text(root / "proc/cpuinfo"):
            return text
    return "unknown" if "hypervisor" in _text(root / "proc/cpuinfo") else None


def _load() -> float | None:
    with contextlib.suppress(OSError, AttributeError):
        return round(os.getloadavg()[0], 2)
    return None


def gpus_now() -> tuple[Gpu, ...]:
    """Ask the driver about the GPUs as they are at this moment; none without its tool."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    command = [program, f"--query-gpu={','.join(_GPU_QUERY)}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(  # noqa: S603 (the driver's own tool, fixed arguments)
            command, capture_output=True, text=True, timeout=10, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(read_gpus(done.stdout)) if done.returncode == 0 else ()


def read_gpus(text: str) -> list[Gpu]:
    """Read what `nvidia-smi --query-gpu` printed, one GPU a line; `[N/A]` is not known."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(",")]
        if len(parts) != len(_GPU_QUERY):
            continue
        name, driver, limit, memory, mig, max_clock, clock, power = parts
        mib = _real(memory)
        found.append(
            Gpu(
                name,
                driver,
                power_limit_w=_real(limit),
                memory_mib=None if mib is None else int(mib),
                mig=_known(mig),
                max_clock_mhz=_real(max_clock),
                clock_mhz=_real(clock),
                power_w=_real(power),
            )
        )
    return found


def _real(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def _known(text: str) -> str | None:
    return None if text.startswith("[") or text in ("", "N/A") else text


def _versions() -> dict[str, str]:
    from costplan._version import __version__

    found = {"costplan": __version__, "event_loop": loop_name()}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


@dataclass(slots=True)
class Watch:
    """How much processor time the hypervisor and other processes took while it is open."""

    started: float = field(default_factory=time.monotonic)
    _before: tuple[float, float, float] = field(default_factory=lambda: _machine_times())
    _own_before: float = field(default_factory=lambda: own_cpu_s())

    def close(self, environment: Environment, server_cpu_s: float = 0.0) -> Environment:
        """Return the environment with the shares of the time since this was made.

        Args:
            environment: As `fingerprint` described it.
            server_cpu_s: Processor seconds of a server that is still running; its end is not waited for.
        """
        busy, steal, total = (after - b for after, b in zip(_machine_times(), self._before, strict=True))
        if total <= 0:
            return replace(environment, load_after=_load())
        own = own_cpu_s() - self._own_before + server_cpu_s
        return replace(
            environment,
            steal_share=round(max(0.0, steal) / total, 4),
            other_cpu_share=round(max(0.0, busy - own) / total, 4),
            load_after=_load(),
        )


def own_cpu_s() -> float:
    """Return processor seconds of this process and of children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _machine_times() -> tuple[float, float, float]:
    """Return busy, stolen and all processor seconds of the machine; `guest` is inside `user` already."""
    times = psutil.cpu_times()
    steal = getattr(times, "steal", 0.0)
    idle = times.idle + getattr(times, "iowait", 0.0)
    interrupts = getattr(times, "irq", 0.0) + getattr(times, "softirq", 0.0)
    busy = times.user + times.system + getattr(times, "nice", 0.0) + interrupts
    return busy, steal, busy + steal + idle


def environment_warnings(environment: Environment, *, knows_server: bool = True) -> list[str]:
    """Say what disturbed the run.

    Args:
        knows_server: Whether the server's own processor time was left out of that of other processes.
    """
    found = []
    if (environment.steal_share or 0.0) > MAX_STEAL_SHARE:
        found.append(
            f"the hypervisor gave {environment.steal_share:.1%} of the processor time to others "
            f"(steal; the limit is {MAX_STEAL_SHARE:.0%})"
        )
    if (environment.other_cpu_share or 0.0) > MAX_OTHER_SHARE:
        among = "" if knows_server else "; a server under test on this machine is among them"
        found.append(
            f"other processes used {environment.other_cpu_share:.0%} of the processor time during the run "
            f"(the limit is {MAX_OTHER_SHARE:.0%}{among}): measure on an idle machine"
        )
    quota = environment.cpu_quota
    if quota is not None and quota != int(quota):
        found.append(f"a quota of {quota:g} processors throttles the run part of the time")
    return found
