"""What a run was made with: versions, platform, energy."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("evenlight", "torch", "transformers", "tokenizers", "numpy", "scipy", "polars", "safetensors",
            "scikit-learn", "shap", "skops")  # fmt: skip

RAPL = Path("/sys/class/powercap")
"""Where Linux tells the energy that the processor packages have used, in microjoules."""


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def platform_name() -> str:
    """Operating system and processor architecture."""
    return f"{platform.system()} {platform.release()} {platform.machine()}"


@dataclass(frozen=True, slots=True)
class EnergyMeter:
    """Joules used by the processor packages since `start`."""

    start: dict[str, int]

    @classmethod
    def begin(cls) -> EnergyMeter:
        """Reads the counters."""
        return cls(_counters())

    def joules(self) -> float | None:
        """None where the machine has no readable counters, or one has wrapped around."""
        now = _counters()
        if not self.start or set(now) != set(self.start):
            return None
        used = [now[name] - self.start[name] for name in now]
        return None if min(used) < 0 else sum(used) / 1e6


def _counters() -> dict[str, int]:
    found: dict[str, int] = {}
    for zone in sorted(RAPL.glob("intel-rapl:[0-9]")):
        try:
            found[zone.name] = int((zone / "energy_uj").read_text())
        except OSError:
            return {}
    return found
