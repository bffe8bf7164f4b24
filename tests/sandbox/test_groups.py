"""Control groups of sandboxes: found, made, limited and removed, in a tree that answers as the kernel's does.

No machine that tests has the memory controller in version 2 for certain, so that most of this runs on a tree of plain
files. What a real kernel does with a group without controllers is tried where version 2 is mounted and can be written.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.model import Limits
from autograder.sandbox import probe_machine
from autograder.sandbox.confinement import groups
from autograder.sandbox.confinement.groups import Group, NoGroups, ceiling, look, open_groups, own_group
from autograder.sandbox.processes.guard import Guard

MOUNTS = """\
22 1 0:20 / /proc rw - proc proc rw
30 1 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw
"""
HYBRID = """\
30 1 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
31 1 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
"""
OF_THE_HOST = "30 1 0:26 /system.slice/docker-1.scope /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
WITH_A_SPACE = "30 1 0:26 / /mnt/c\\040group rw - cgroup2 cgroup2 rw\n"


@pytest.mark.parametrize(
    ("membership", "mounts", "own"),
    [
        ("0::/system.slice/hub.service\n", MOUNTS, "/sys/fs/cgroup/system.slice/hub.service"),
        ("0::/\n", MOUNTS, "/sys/fs/cgroup/"),
        ("4:memory:/a\n0::/b\n", HYBRID, "/sys/fs/cgroup/unified/b"),
        ("0::/system.slice/docker-1.scope\n", OF_THE_HOST, "/sys/fs/cgroup"),
        ("0::/system.slice/docker-1.scope/leaf\n", OF_THE_HOST, "/sys/fs/cgroup/leaf"),
        ("0::/b\n", WITH_A_SPACE, "/mnt/c group/b"),
    ],
)
def test_the_own_group_is_found_below_its_mount(membership: str, mounts: str, own: str) -> None:
    assert own_group(membership, mounts) == Path(own)


@pytest.mark.parametrize(
    ("membership", "mounts"),
    [
        ("4:memory:/a\n", HYBRID),
        ("0::/b\n", "22 1 0:20 / /proc rw - proc proc rw\n"),
        ("0::/system.slice/docker-12.scope\n", OF_THE_HOST),  # begins alike, and is another one's
        ("0::/../../other\n", "30 1 0:26 /own /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"),
        ("", ""),
    ],
)
def test_where_no_group_of_version_2_can_be_seen_there_is_none(membership: str, mounts: str) -> None:
    with pytest.raises(NoGroups):
        own_group(membership, mounts)


class Kernel:
    """A tree of plain files that takes writes as cgroup v2 does, with one group that has these processes in it."""

    def __init__(self, root: Path, *pids: int, controllers: str = "memory pids", handed_on: str = "") -> None:
        self.root = root
        self._populate(root, controllers)
        (root / "cgroup.procs").write_text("".join(f"{pid}\n" for pid in pids), encoding="ascii")
        (root / "cgroup.subtree_control").write_text(handed_on, encoding="ascii")

    def made(self, folder: Path) -> None:
        """A group was made."""
        self._populate(folder, (folder.parent / "cgroup.subtree_control").read_text(encoding="ascii"))

    def removed(self, folder: Path) -> None:
        """A group is about to be removed."""
        if self.pids(folder):
            raise OSError(errno.EBUSY, "Device or resource busy")
        for file in folder.iterdir():
            file.unlink()

    def write(self, path: Path, text: str) -> None:
        """Write to one of its files."""
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        if path.name == "cgroup.subtree_control":
            if self.pids(path.parent):
                raise OSError(errno.EBUSY, "Device or resource busy")
            path.write_text(f"{path.read_text(encoding='ascii')} {text.removeprefix('+')}", encoding="ascii")
        elif path.name == "cgroup.procs":
            for procs in self.root.rglob("cgroup.procs"):
                kept = [pid for pid in procs.read_text(encoding="ascii").split() if pid != text]
                kept += [text] if procs == path else []
                procs.write_text("".join(f"{pid}\n" for pid in kept), encoding="ascii")
        elif path.name == "cgroup.kill":
            (path.parent / "cgroup.procs").write_text("", encoding="ascii")
        else:
            path.write_text(text, encoding="ascii")

    @staticmethod
    def pids(folder: Path) -> set[int]:
        """The processes in a group."""
        return set(map(int, (folder / "cgroup.procs").read_text(encoding="ascii").split()))

    @staticmethod
    def _populate(folder: Path, controllers: str) -> None:
        files = {"cgroup.controllers": controllers, "cgroup.subtree_control": "", "cgroup.procs": "", "cgroup.kill": ""}
        if "memory" in controllers.split():
            files |= {"memory.max": "max", "memory.swap.max": "max", "memory.events": "low 0\noom 0\noom_kill 0\n"}
        if "pids" in controllers.split():
            files["pids.max"] = "max"
        for name, content in files.items():
            (folder / name).write_text(content, encoding="ascii")


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kernel]:
    def begin(*pids: int, **options: str) -> Kernel:
        root = tmp_path / "own"
        root.mkdir()
        made = Kernel(root, *pids, **options)
        mkdir, rmdir = Path.mkdir, Path.rmdir

        def making(path: Path, mode: int = 0o777, *, parents: bool = False, exist_ok: bool = False) -> None:
            there = path.exists()
            mkdir(path, mode, parents=parents, exist_ok=exist_ok)
            if not there and path.is_relative_to(root):
                made.made(path)

        def removing(path: Path) -> None:
            if path.is_relative_to(root):
                made.removed(path)
            rmdir(path)

        monkeypatch.setattr(Path, "mkdir", making)
        monkeypatch.setattr(Path, "rmdir", removing)
        monkeypatch.setattr(groups, "_write", made.write)
        return made

    return begin


def test_a_group_that_is_delegated_hands_its_controllers_on(kernel: Callable[..., Kernel]) -> None:
    tree = kernel(10, 11)
    made = open_groups({10, 11, 12}, tree.root).make()
    assert tree.pids(tree.root) == set()
    assert tree.pids(tree.root / "autograder-supervisor") == {10, 11}
    made.limit(Limits(memory_mb=100, scratch_mb=10))
    assert (made.path / "memory.max").read_text(encoding="ascii") == str((3 * 100 + 2 * 10 + 256) << 20)
    assert (made.path / "memory.swap.max").read_text(encoding="ascii") == "0"
    assert (made.path / "pids.max").read_text(encoding="ascii") == "1024"
    made.take(77)
    assert tree.pids(made.path) == {77}
    made.remove()
    assert not made.path.exists()


def test_nobody_is_moved_where_controllers_are_handed_on_already(kernel: Callable[..., Kernel]) -> None:
    tree = kernel(10, 99, handed_on="memory")
    made = open_groups({10}, tree.root).make()
    assert tree.pids(tree.root) == {10, 99}
    made.limit(Limits())  # without pids, which only the memory stands for then
    assert not (made.path / "pids.max").exists()


@pytest.mark.parametrize(
    ("pids", "options", "why"),
    [
        ((10, 99), {}, "other processes"),
        ((10,), {"controllers": "cpu pids"}, "no memory controller"),
        ((10,), {"controllers": ""}, "no memory controller"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_left(
    kernel: Callable[..., Kernel], pids: tuple[int, ...], options: dict[str, str], why: str
) -> None:
    tree = kernel(*pids, **options)
    with pytest.raises(NoGroups, match=why):
        open_groups({10}, tree.root)
    available, told = look(tree.root)
    assert (available, why in told) == (False, True)
    assert tree.pids(tree.root) == set(pids)
    assert [path for path in tree.root.iterdir() if path.is_dir()] == []


def test_a_group_that_is_not_ours_to_write_is_left_alone(
    kernel: Callable[..., Kernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = kernel(10)

    def refuse(_path: Path, _text: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(groups, "_write", refuse)
    with pytest.raises(NoGroups, match="Permission denied"):
        open_groups({10}, tree.root)


def test_looking_moves_nobody(kernel: Callable[..., Kernel]) -> None:
    tree = kernel(os.getpid())
    assert look(tree.root) == (True, str(tree.root))
    assert tree.pids(tree.root) == {os.getpid()}
    assert [path for path in tree.root.iterdir() if path.is_dir()] == []


def test_groups_of_fork_servers_that_are_gone_are_removed(kernel: Callable[..., Kernel]) -> None:
    tree = kernel(handed_on="memory pids")
    gone, used = (tree.root / f"autograder-sandbox-4194303-{name}" for name in ("a", "b"))
    for folder in (gone, used):
        folder.mkdir()
    Group(used).take(55)
    opened = open_groups(set(), tree.root)
    assert (gone.exists(), used.exists()) == (False, True)
    mine = opened.make()
    mine.take(56)
    opened.close()
    assert not mine.path.exists()


def test_a_process_that_the_kernel_ended_for_memory_is_counted_once(kernel: Callable[..., Kernel]) -> None:
    tree = kernel(handed_on="memory")
    group = open_groups(set(), tree.root).make()
    guard = Guard(Limits(), "/nowhere", -1, None, [], group=group)
    assert not guard.was_full()
    (group.path / "memory.events").write_text("low 0\noom 3\noom_kill 2\noom_group_kill 0\n", encoding="ascii")
    assert (guard.was_full(), guard.was_full()) == (True, False)
    assert not Guard(Limits(), "/nowhere", -1, None, []).was_full()


def test_the_kernel_allows_more_than_the_judges_own_watch() -> None:
    for limits in (Limits(), Limits(memory_mb=64, scratch_mb=1)):
        assert ceiling(limits) > (3 * limits.memory_mb + limits.scratch_mb) << 20


def test_the_doctor_says_which_it_is() -> None:
    found = probe_machine()["cgroup"]
    assert not found.needed
    assert found.detail
    assert bool(found.advice) is not found.available


def test_a_real_kernel_takes_a_process_in_and_ends_it_with_its_group() -> None:
    try:
        texts = [Path(f"/proc/self/{name}").read_text(encoding="utf-8") for name in ("cgroup", "mountinfo")]
        path = own_group(*texts) / f"autograder-sandbox-{os.getpid()}-test"
        path.mkdir()
    except (NoGroups, OSError) as error:
        pytest.skip(f"no group of version 2 can be made here: {error}")
    group = Group(path)
    pid = os.fork()
    if pid == 0:
        signal.pause()
    try:
        group.take(pid)
        assert str(pid) in (path / "cgroup.procs").read_text(encoding="ascii").split()
        assert group.ended_for_memory() == 0
        group.remove()
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        for _ in range(100):
            group.remove()
            if not path.exists():
                break
            time.sleep(0.01)
        assert not path.exists()
    finally:
        if path.exists():
            path.rmdir()
