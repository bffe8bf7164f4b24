"""Inputs of the malformed corpus that are made in code: too big to commit, or of bytes and names that git would change.

Each recipe is named by a case's ``make`` and writes into an empty folder; it returns the path to read. Recipes that
make a zip put a clean notebook into it themselves (`pack`); into folders the test puts one.
"""

from __future__ import annotations

import io
import json
import os
import stat
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from .sample import NAME, NOTEBOOK, as_bytes, labelled, submitted

Recipe = Callable[[Path], Path]
RECIPES: dict[str, Recipe] = {}
GOOD = as_bytes(submitted())


def recipe(function: Recipe) -> Recipe:
    RECIPES[function.__name__.replace("_", "-")] = function
    return function


def alone(folder: Path, data: bytes, name: str = "alice.ipynb") -> Path:
    (folder / name).write_bytes(data)
    return folder


def pack(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes], name: str = "class.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name given twice, on purpose
        for member, data in (*members, ("clean.ipynb", GOOD)):
            archive.writestr(member, data)
    return path


# --- bytes


@recipe
def empty_file(folder: Path) -> Path:
    return alone(folder, b"")


@recipe
def blank_file(folder: Path) -> Path:
    return alone(folder, b" \r\n\t\n" * 3)


@recipe
def truncated(folder: Path) -> Path:
    return alone(folder, GOOD[: len(GOOD) // 2])


@recipe
def crlf(folder: Path) -> Path:
    notebook = submitted()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return alone(folder, as_bytes(notebook).replace(b"\n", b"\r\n"))


@recipe
def old_mac_line_ends(folder: Path) -> Path:
    notebook = submitted()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r")
    return alone(folder, as_bytes(notebook))


@recipe
def bom(folder: Path) -> Path:
    return alone(folder, b"\xef\xbb\xbf" + GOOD)


@recipe
def utf16(folder: Path) -> Path:
    return alone(folder, GOOD.decode().encode("utf-16"))


@recipe
def utf16_without_bom(folder: Path) -> Path:
    return alone(folder, GOOD.decode().encode("utf-16-be"))


@recipe
def cp949(folder: Path) -> Path:
    return alone(folder, GOOD.decode().encode("cp949"))


@recipe
def invalid_utf8(folder: Path) -> Path:
    notebook = submitted()
    notebook["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": "끝에 깨진 글자 @@"})
    return alone(folder, as_bytes(notebook).replace(b"@@", b"\xb0\xff"))


@recipe
def random_bytes(folder: Path) -> Path:
    return alone(folder, bytes(range(1, 256)) * 4)


# --- size and shape


@recipe
def deep_nesting(folder: Path) -> Path:
    return alone(folder, b'{"cells": ' + b"[" * 200_000)


@recipe
def deep_but_closed(folder: Path) -> Path:
    outputs = b'{"a":' * 500 + b"1" + b"}" * 500
    return alone(folder, GOOD.replace(b'"outputs": []', b'"outputs": [' + outputs + b"]", 1))


@recipe
def many_empty_lists(folder: Path) -> Path:
    return alone(folder, b'{"cells": [' + b"[]," * 1_200_000 + b"[]]}")


@recipe
def many_numbers(folder: Path) -> Path:
    return alone(folder, b'{"cells": [' + b"0," * 5_000_000 + b"0]}")


@recipe
def many_cells(folder: Path) -> Path:
    notebook = submitted()
    notebook["cells"] += [{"cell_type": "code", "source": ""}] * 5000
    return alone(folder, as_bytes(notebook))


@recipe
def huge_number(folder: Path) -> Path:
    return alone(folder, GOOD.replace(b'"nbformat_minor": 5', b'"nbformat_minor": ' + b"9" * 100_000))


def _with_attachment(megabytes: int) -> bytes:
    notebook = submitted()
    labelled(notebook, "reflection")["attachments"] = {"그림.png": {"image/png": "A" * (megabytes << 20)}}
    return as_bytes(notebook)


@recipe
def attachments_30_mb(folder: Path) -> Path:
    return alone(folder, _with_attachment(30))


@recipe
def attachments_5_mb(folder: Path) -> Path:
    return alone(folder, _with_attachment(5))


@recipe
def outputs_15_mb(folder: Path) -> Path:
    notebook = submitted()
    output = {"output_type": "stream", "name": "stdout", "text": ["epoch 1 [loss]\n"] * 800_000}
    labelled(notebook, "q1")["outputs"] = [output]
    return alone(folder, json.dumps(notebook, ensure_ascii=False).encode())


def _with_stored(stored: bytes) -> bytes:
    """The good notebook with this in its first cell's outputs."""
    return GOOD.replace(b'"outputs": []', b'"outputs": [' + stored + b"]", 1)


@recipe
def outputs_24_mb_in_one_line(folder: Path) -> Path:
    return alone(folder, _with_stored(b'{"output_type": "stream", "text": "' + b"0.123 " * (4 << 20) + b'"}'))


@recipe
def outputs_24_mb_in_short_lines(folder: Path) -> Path:
    return alone(folder, _with_stored(b'{"output_type": "stream", "text": ["\\n"' + b', "1\\n"' * (3 << 20) + b"]}"))


@recipe
def pictures_24_mb(folder: Path) -> Path:
    picture = b'{"output_type": "display_data", "metadata": {}, "data": {"image/png": "' + b"A" * 2**20 + b'"}}'
    return alone(folder, _with_stored(b",".join([picture] * 24)))


@recipe
def widgets_24_mb(folder: Path) -> Path:
    notebook = submitted()
    notebook["metadata"]["widgets"] = 0
    widget = b'{"v": "' + b"9" * 1200 + b'", "of": {"layout": [1, 2]}},'
    state = b'{"state": [' + widget * 20_000 + b"{}]}"
    return alone(folder, as_bytes(notebook).replace(b'"widgets": 0', b'"widgets": ' + state))


@recipe
def zip_of_a_line_printed_without_end(folder: Path) -> Path:
    return pack(folder, ("alice.ipynb", _with_stored(b'{"text": [' + b'"hi",' * (5 << 20) + b'""]}')))


def _conflict(text: str, where: str) -> bytes:
    mine = text.replace(where, f"<<<<<<< HEAD\n{where}\n=======\n{where}\n>>>>>>> 3f2a91c (q1)\n")
    assert mine != text
    return mine.encode()


@recipe
def merge_conflict(folder: Path) -> Path:
    text = json.dumps(submitted(), indent=1, ensure_ascii=False)
    return alone(folder, _conflict(text, '   "execution_count": null,\n'))


@recipe
def merge_conflict_in_24_mb(folder: Path) -> Path:
    """The conflict begins in one cell's outputs and ends in another's, as git leaves it after two runs."""
    lines = json.dumps(submitted(), indent=1, ensure_ascii=False).split("\n")
    at = [number for number, line in enumerate(lines) if line.strip() == '"outputs": []']
    large = '   "outputs": [{"text": [\n' + '"1\\n",\n' * (3 << 20)
    lines[at[0]] = large + '<<<<<<< HEAD\n"1"\n]}]'
    lines[at[1]] = large + '=======\n"2"\n>>>>>>> branch\n]}]'
    return alone(folder, "\n".join(lines).encode())


@recipe
def merge_conflict_in_a_cell(folder: Path) -> Path:
    notebook = submitted()
    cell = {"cell_type": "code", "metadata": {}, "outputs": []}
    notebook["cells"].append({**cell, "source": "<<<<<<< local\nx = 1\n=======\nx = 2\n>>>>>>> remote\n"})
    text = {"cell_type": "markdown", "metadata": {}}
    notebook["cells"].append({**text, "source": '<span style="color:red"><b>>>>>>>> remote</b></span>'})
    notebook["cells"].append({**text, "source": "제목\n=======\n<<<<<<<< 여덟 개\n    >>>>>>> 안"})
    return alone(folder, as_bytes(notebook))


# --- names


@recipe
def name_nfd(folder: Path) -> Path:
    return alone(folder, GOOD, unicodedata.normalize("NFD", "김민수") + ".ipynb")


@recipe
def name_nfc_and_nfd(folder: Path) -> Path:
    other = submitted({"q1": "def act_and_grad(x):\n    return x"})
    for form, notebook in (("NFC", submitted()), ("NFD", other)):
        inside = folder / unicodedata.normalize(form, "김민수") / NAME
        inside.mkdir(parents=True)
        (inside / NOTEBOOK).write_bytes(as_bytes(notebook))
    return folder


@recipe
def name_twice_same_work(folder: Path) -> Path:
    for form in ("NFC", "NFD"):
        alone(folder, GOOD, unicodedata.normalize(form, "김민수") + ".ipynb")
    return folder


@recipe
def name_strange(folder: Path) -> Path:
    names = ("a+b c", 'it\'s "me"', "line\nbreak", "\u202ecipynb", "=cmd()", "-rf", "..\\up")
    for name in names:
        alone(folder, GOOD, f"{name}.ipynb")
    return folder


@recipe
def name_cp949_bytes(folder: Path) -> Path:
    descriptor = os.open(os.fsencode(folder) + b"/" + "김민수.ipynb".encode("cp949"), os.O_WRONLY | os.O_CREAT)
    with os.fdopen(descriptor, "wb") as file:
        file.write(GOOD)
    return folder


# --- folders


@recipe
def symlink_to_a_notebook(folder: Path) -> Path:
    (folder / "class").mkdir()
    (folder / "secret.ipynb").write_bytes(GOOD)
    (folder / "class" / "alice.ipynb").symlink_to("../secret.ipynb")
    return folder / "class"


@recipe
def symlinked_folder(folder: Path) -> Path:
    (folder / "other").mkdir()
    alone(folder / "other", GOOD, NOTEBOOK)
    inside = folder / "submitted" / "alice"
    inside.mkdir(parents=True)
    (inside / NAME).symlink_to("../../other")
    return folder / "submitted"


@recipe
def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "alice.ipynb")
    return folder


# --- zips


@recipe
def zip_traversal(folder: Path) -> Path:
    return pack(folder, ("../../alice.ipynb", GOOD), ("bob/../../eve/x.ipynb", GOOD), ("bob\\..\\..\\x.ipynb", GOOD))


@recipe
def zip_absolute(folder: Path) -> Path:
    return pack(folder, ("/tmp/alice.ipynb", GOOD), ("C:\\alice.ipynb", GOOD))


@recipe
def zip_symlink(folder: Path) -> Path:
    link = zipfile.ZipInfo("alice.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return pack(folder, (link, b"/etc/passwd"))


@recipe
def zip_bomb(folder: Path) -> Path:
    path = pack(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("alice.ipynb", "w") as member:
        for _ in range(200):
            member.write(b"[" * 2**20)
    return path


@recipe
def zip_that_lies_about_size(folder: Path) -> Path:
    path = pack(folder, ("alice.ipynb", b" " * (30 << 20)))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = data.find(signature) + offset
        data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    return path


@recipe
def zip_with_a_name_twice(folder: Path) -> Path:
    return pack(folder, ("alice.ipynb", GOOD), ("alice.ipynb", as_bytes(submitted({}))))


@recipe
def zip_truncated(folder: Path) -> Path:
    path = pack(folder, ("alice.ipynb", GOOD))
    path.write_bytes(path.read_bytes()[:-40])
    return path


@recipe
def zip_with_damaged_member(folder: Path) -> Path:
    path = pack(folder, ("alice.ipynb", GOOD))
    data = bytearray(path.read_bytes())
    data[60:80] = bytes(20)
    path.write_bytes(data)
    return path


@recipe
def zip_encrypted(folder: Path) -> Path:
    path = pack(folder, ("alice.ipynb", GOOD))
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\3\4") + 6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    return path


@recipe
def zip_with_huge_directory(folder: Path) -> Path:
    path = pack(folder, ("alice.ipynb", GOOD))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\5\6") + 12
    data[at : at + 4] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(data)
    return path


@recipe
def zip_within_a_folder(folder: Path) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(NOTEBOOK, GOOD)
    return alone(folder, buffer.getvalue(), "alice.zip")


@recipe
def zip_names_in_cp949(folder: Path) -> Path:
    return pack(folder, (_unflagged("김민수.ipynb".encode("cp949")), GOOD))


@recipe
def zip_of_a_class_in_one_folder(folder: Path) -> Path:
    mac = ("__MACOSX/반/._alice.ipynb", b"\0")
    return pack_only(folder, ("반/alice/a.ipynb", GOOD), ("반/clean/" + NOTEBOOK, GOOD), mac)


@recipe
def zip_of_nbgrader_folder(folder: Path) -> Path:
    stamp = ("submitted/alice/" + NAME + "/timestamp.txt", b"2026-01-01 10:00:00.000000 UTC\n")
    names = [f"submitted/{student}/{NAME}/{NOTEBOOK}" for student in ("alice", "clean")]
    return pack_only(folder, *((name, GOOD) for name in names), stamp)


def pack_only(folder: Path, *members: tuple[str, bytes]) -> Path:
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return path


class _unflagged(zipfile.ZipInfo):  # noqa: N801
    """A member whose name is raw bytes without the UTF-8 flag, as Windows tools write."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw.decode("cp437"))
        self.compress_type = zipfile.ZIP_DEFLATED
        self._raw = raw

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self._raw, self.flag_bits
