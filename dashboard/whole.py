"""Whether the four packages are ours: other distributions own top-level names such as reports and dashboard."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from probes.errors import SetupBroken

PACKAGES = ("audits", "dashboard", "probes", "reports")


def places() -> dict[str, Path | None]:
    """The folder that each of the four packages loads from; None where it is missing."""
    found: dict[str, Path | None] = {}
    for name in PACKAGES:
        spec = find_spec(name)
        found[name] = Path(spec.origin).resolve().parent if spec is not None and spec.origin else None
    return found


def check_whole() -> None:
    """Raises SetupBroken where the four do not lie side by side."""
    found = places()
    ours = Path(__file__).resolve().parent.parent
    for name, folder in found.items():
        if folder is None or folder.parent != ours:
            raise SetupBroken(
                "the package {name} loads from {found} instead of {wanted}: another distribution has the same name; "
                "install evenlight into an environment of its own",
                name=name,
                found=str(folder or "nowhere"),
                wanted=str(ours / name),
            )
