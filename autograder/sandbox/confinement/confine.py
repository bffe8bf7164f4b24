"""Applies the policy to a freshly forked, single-threaded process, in the order that works.

Owns that order: session, uid, death with the parent, Landlock, limits, seccomp. A `Plan` is prepared once in the fork
server; the child only enforces it. Fails closed: whatever cannot be applied raises, and the child ends before any
student code.
"""

from __future__ import annotations

import os
import platform
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import ConfinementError
from autograder.model import Limits
from autograder.sandbox.confinement import capability, devices, landlock, policy, privileges, reach, seccomp
from autograder.sandbox.confinement.policy import Confinement
from autograder.sandbox.confinement.syscalls import AUDIT_ARCH

_OWN_PROC = landlock.READ | landlock.Right.WRITE_FILE

__all__ = ["Plan", "leave_family", "prepare", "refused", "require", "restrict_calls", "restrict_paths"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What every sandbox of one fork server gets.

    Args:
        confinement: what is switched on.
        landlock_abi: ABI in use, 0 for none.
        filter: compiled system call filter, or None.
        exact: Landlock rules over exactly what may be read, and the scratch root; or None.
        coarse: few folders that hold all of `exact` and no scratch folder.
        sinks: device files that may be written to.
        uid_drop: whether sandboxes get uids of their own.
        keep_read: whether they keep CAP_DAC_READ_SEARCH.
        base_bytes: address space of the fork server.
        device: ``"cpu"``, ``"cuda:N"`` or ``"cuda"``.
        visible: CUDA_VISIBLE_DEVICES for these sandboxes, or None.
        fraction: share of the GPU's memory that torch may take.
    """

    confinement: Confinement
    landlock_abi: int
    filter: seccomp.Filter | None
    exact: landlock.Ruleset | None
    coarse: tuple[str, ...]
    sinks: tuple[str, ...]
    uid_drop: bool
    keep_read: bool
    base_bytes: int
    device: str
    visible: str | None = None
    fraction: float = 1.0

    def describe(self) -> dict[str, Any]:
        """Return what goes into the record as the confinement."""
        return {
            "landlock_abi": self.landlock_abi,
            "seccomp": self.filter is not None,
            "rlimits": self.confinement.rlimits,
            "user_notif": self.filter is not None and self.filter.notifies,
            "uid_drop": self.uid_drop,
            "keeps_read_capability": self.keep_read,
            "unsafe": not self.confinement.complete,
        }


def require(confinement: Confinement) -> None:
    """Return if this machine has what `confinement` and the keeping of processes need; tried in children that end.

    Raises:
        ConfinementError: it has not; the code names what is missing.
    """
    if platform.machine() not in AUDIT_ARCH and confinement.seccomp:
        raise refused("platform", platform.machine())
    missing = capability.lacking(confinement)
    if missing is not None:
        raise refused(missing[0], missing[1].text)


def prepare(confinement: Confinement, scratch_root: str, device: str = "cpu") -> Plan:
    """Check that this machine can do what `confinement` asks for, and prepare it.

    Raises:
        ConfinementError: Landlock, seccomp or the architecture's numbers are missing.
        OSError: the device is missing.
        ValueError: no device has this name.
    """
    sinks = ["/dev/null", *devices.nodes(device)]
    version = min(landlock.abi(), confinement.landlock_abi) if confinement.landlock else 0
    if confinement.landlock and version < 1:
        raise refused("landlock")
    paths = reach.readable_paths(device)
    exact = None
    if version:
        if any(Path(scratch_root).is_relative_to(path) for path in paths):
            raise refused("landlock", f"the scratch root {scratch_root} lies inside a readable folder")
        exact = landlock.Ruleset(version)
        for path in paths:
            exact.allow(path, landlock.READ)
        exact.allow(scratch_root, landlock.SCRATCH)
        for sink in sinks:
            exact.allow(sink, landlock.SINK)
        if device != "cpu":
            exact.allow("/proc", _OWN_PROC)  # the other layer leaves of this what is each sandbox's own
        reach.remember_listing(paths)
    compiled = None
    if confinement.seccomp:
        if platform.machine() not in AUDIT_ARCH:
            raise refused("platform", platform.machine())
        notify = confinement.user_notif and seccomp.user_notif_available()
        compiled = seccomp.compile_filter(policy.system_calls(landlock_abi=version, notify=notify, device=device))
    wants_drop = confinement.uid_drop and os.geteuid() == 0
    outcome = capability.uid_drop_outcome(paths) if wants_drop else ""
    return Plan(
        confinement=confinement,
        landlock_abi=version,
        filter=compiled,
        exact=exact,
        coarse=tuple(_coarse(paths, scratch_root)),
        sinks=tuple(sinks),
        uid_drop=outcome in ("ok", "unreadable"),
        keep_read=outcome == "unreadable",
        base_bytes=_address_space(),
        device=device,
        visible=devices.visible_to(device),
        fraction=devices.memory_fraction() if device != "cpu" else 1.0,
    )


def leave_family(plan: Plan, uid: int | None, parent: int) -> None:
    """Change the user and tie this process's life to its parent's. Raises OSError."""
    if plan.uid_drop and uid is not None:
        privileges.drop(uid, keep_read=plan.keep_read)
    elif plan.confinement.complete:
        privileges.strip()
    privileges.die_with_parent(parent)
    privileges.forbid_gains()


def restrict_paths(plan: Plan, scratch: str) -> None:
    """Enforce both Landlock layers: what all may read, and of the scratch root only `scratch`. Raises OSError."""
    if plan.exact is None:
        return
    plan.exact.restrict()
    plan.exact.close()
    own = landlock.Ruleset(plan.landlock_abi, network=False, scopes=False)
    for path in plan.coarse:
        own.allow(path, landlock.READ)
    for sink in plan.sinks:
        own.allow(sink, landlock.SINK)
    if plan.device != "cpu":
        # CUDA writes the names of its threads and takes a refusal for an error of the system (304). A rule holds for
        # what is open under this name now, which the descriptor keeps from being forgotten.
        os.open("/proc/self/task", os.O_PATH | os.O_CLOEXEC)
        own.allow("/proc/self", landlock.READ)
        own.allow("/proc/self/task", _OWN_PROC)
    own.allow(scratch, landlock.SCRATCH)
    own.restrict()
    own.close()


def restrict_calls(plan: Plan, limits: Limits) -> int | None:
    """Enforce limits and, last of all, the system call filter; return its listener, if any. Raises OSError."""
    if plan.confinement.rlimits:
        wanted = policy.rlimits(limits, base_bytes=plan.base_bytes, own_uid=plan.uid_drop, device=plan.device)
        for kind, (soft, hard) in wanted.items():
            ceiling = resource.getrlimit(kind)[1]
            if ceiling != resource.RLIM_INFINITY:
                hard = min(hard, ceiling)
            resource.setrlimit(kind, (min(soft, hard), hard))
    return seccomp.load(plan.filter) if plan.filter is not None else None


def refused(name: str, detail: str = "") -> ConfinementError:
    """Return the error that says what this machine lacks and what to do, `name` being a key of `capability.ADVICE`."""
    advice = f"{capability.ADVICE[name]} `autograder doctor`로 점검할 수 있습니다."
    message = f"학생 코드를 격리할 수 없어 채점을 시작하지 않습니다. {advice}"
    return ConfinementError(f"cannot-confine-{name}", message, detail=detail)


def _coarse(paths: list[str], scratch_root: str) -> list[str]:
    """Return few folders that hold all paths; of /proc, which holds every process, the paths themselves."""
    inside = [path for path in paths if Path(path).is_relative_to("/proc")]
    return [*reach.coarsen([path for path in paths if path not in inside], Path(scratch_root)), *inside]


def _address_space() -> int:
    """Return the bytes of address space this process uses."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
