"""Makes fork() and what runs after it cheaper, by where the fork server's memory lies.

Owns three best-effort calls, made once before anything is forked. Needs Linux 6.1 (MADV_COLLAPSE, madvise(2)) and
glibc 2.33 (mallinfo2, mallinfo(3)); where anything is missing everything stays as it is.

What each is worth, by ``python -m tests.bench --only tricks`` on 01-vanishing-gradients (two cores, no GPU):

- The heap in huge pages saves a score 0.1 s of system time. A huge page takes one entry of a page table where 2 MB of
  small ones take 512, and a fork copies the table.
- What a fork allocates had better not lie on pages that it shares, each of which is copied when written to. With the
  gaps filled a score has 1,350 page faults of 15,200 less, without the question that trains.
- Code that lies in files is mapped again in every fork, page by page; a copy in huge pages is inherited in place. The
  1,600 page faults of a score that this saves are 10 ms of system time, and its user time stays the same. What pays is
  the whole notebook: its training takes about 6 % less user time, which page faults, being system time, do not explain.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

__all__ = ["fill_gaps", "gather", "gather_code", "memory_left"]

_MADV_COLLAPSE = 25
_MREMAP_TO = 1 | 2  # MREMAP_MAYMOVE | MREMAP_FIXED
_HUGE = 2 << 20
_PAGE = mmap.PAGESIZE
_PRESENT = 1 << 63  # of an entry of /proc/PID/pagemap
_GAPS = (*(1 << bits for bits in range(16, 10, -1)), 768, 512, 384, 256, 192, 128, 96, 64, 48, 32, 24)
_MOST_GAPS = 200_000
_HEAP = 1 << 32
_PLENTY = 2 << 30
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_NO_ADDRESS = ctypes.c_void_p(-1).value


class _HeapUse(ctypes.Structure):
    """struct mallinfo2."""

    _names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in _names.split()]


_libc = ctypes.CDLL(None)
_libc.malloc.restype = _libc.sbrk.restype = ctypes.c_void_p
_libc.mmap.restype = _libc.mremap.restype = ctypes.c_void_p


def gather() -> int:
    """Collapse this process's private writable memory into huge pages; return how many there are."""
    count = 0
    for low, high, rights, name in _mappings():
        if "w" not in rights or "p" not in rights or (name and name != "[heap]"):
            continue
        for start in _blocks(low, high):
            count += _collapse(start, 1)
    return count


def gather_code() -> int:
    """Put copies of the code and constants in use so far into huge pages, in place; return how many there are.

    Call it while no other thread runs. Only whole huge pages of which some part was used are copied, 190 MB of some
    400: what a warm-up has not touched stays in its file. Where memory is short, as in a small container, nothing is
    copied: files can be dropped from memory, copies cannot.
    """
    count = 0
    if memory_left() < _PLENTY:
        return 0
    try:
        with Path("/proc/self/pagemap").open("rb") as pagemap:
            for low, high, rights, name in list(_mappings()):
                if not (name.startswith("/") and rights in ("r-xp", "r--p")):
                    continue
                used = [start for start in _blocks(low, high) if _used(pagemap, start)]
                for start, blocks in _runs(used):
                    count += blocks * _replace(start, blocks, executable="x" in rights)
    except OSError:
        pass
    return count


def fill_gaps() -> int:
    """Allocate, for good, what is free between blocks of the C heap; return how many bytes that was."""
    if not hasattr(_libc, "mallinfo2"):
        return 0
    _libc.mallinfo2.restype = _HeapUse
    end = _libc.sbrk(ctypes.c_long(0)) - _libc.mallinfo2().keepcost
    filled = 0
    for size in _GAPS:
        for _ in range(_MOST_GAPS):
            block = _libc.malloc(ctypes.c_size_t(size))
            if block is None or not end - _HEAP < block < end:  # from the end of the heap: no gap is left of this size
                _libc.free(ctypes.c_void_p(block))
                break
            filled += size
    return filled


def memory_left(meminfo: str = "/proc/meminfo", limits: Sequence[str] = _LIMITS) -> int:
    """Return the bytes of memory that this machine has left, or that its container may use if that is less."""
    try:
        lines = Path(meminfo).read_text(encoding="ascii").splitlines()
        left = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return 0
    for file in map(Path, limits):
        text = file.read_text(encoding="ascii").strip() if file.is_file() else "max"
        left = min(left, int(text)) if text.isdigit() else left
    return left


def _replace(start: int, blocks: int, *, executable: bool) -> bool:
    """Move an anonymous copy of these blocks over them, in one step."""
    size = blocks * _HUGE
    flags, rights = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE
    room = _libc.mmap(None, ctypes.c_size_t(size + _HUGE), rights, flags, -1, ctypes.c_long(0))
    if room in (None, _NO_ADDRESS):
        return False
    copy = -(-room // _HUGE) * _HUGE
    ctypes.memmove(copy, start, size)
    final = mmap.PROT_READ | (mmap.PROT_EXEC if executable else 0)
    moved = (
        _collapse(copy, blocks)
        and _libc.mprotect(ctypes.c_void_p(copy), ctypes.c_size_t(size), final) == 0
        and _libc.mremap(
            ctypes.c_void_p(copy), ctypes.c_size_t(size), ctypes.c_size_t(size), _MREMAP_TO, ctypes.c_void_p(start)
        )
        == start
    )
    for low, high in ((room, copy), (copy + size, room + size + _HUGE)) if moved else ((room, room + size + _HUGE),):
        if low < high:
            _libc.munmap(ctypes.c_void_p(low), ctypes.c_size_t(high - low))
    return bool(moved)


def _collapse(start: int, blocks: int) -> bool:
    return bool(_libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(blocks * _HUGE), _MADV_COLLAPSE) == 0)


def _mappings() -> Iterator[tuple[int, int, str, str]]:
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        span, rights, _, _, _, *name = line.split(maxsplit=5)
        low, high = (int(end, 16) for end in span.split("-"))
        yield low, high, rights, name[0] if name else ""


def _blocks(low: int, high: int) -> range:
    """Return the addresses of the whole huge pages in a mapping."""
    return range(-(-low // _HUGE) * _HUGE, high - _HUGE + 1, _HUGE)


def _used(pagemap: BinaryIO, start: int) -> bool:
    pages = _HUGE // _PAGE
    pagemap.seek(start // _PAGE * 8)
    return any(entry & _PRESENT for entry in struct.unpack(f"={pages}Q", pagemap.read(pages * 8)))


def _runs(starts: list[int]) -> Iterator[tuple[int, int]]:
    """Yield adjacent blocks as (first, number)."""
    first = 0
    for index, start in enumerate(starts):
        if index + 1 == len(starts) or starts[index + 1] != start + _HUGE:
            yield starts[first], index + 1 - first
            first = index + 1
