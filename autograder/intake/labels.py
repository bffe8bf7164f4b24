"""Owns what the name of a file or folder in a source says: which system wrote it, and whose work it is.

A label is such a name. Learning-management systems write labels in a form of their own (`read_label`); students and
teachers write the rest, in any order and with any brackets. `whose` finds the student in either: with a roster the one
member that is meant, without one the student number, or else the name that is left when the assignment's is taken off.
What a system wrote counts before what a student chose, so that nobody hands in under another's name by accident.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from autograder.intake.names import Lookup, visible

__all__ = [
    "Label",
    "Meant",
    "account_of",
    "names_nobody",
    "own_name",
    "person",
    "read_label",
    "stem",
    "student_number",
    "uncopied",
    "whose",
]

_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<account>\d+)_assign(?P<part>submission|feedback)_(?P<kind>[a-z]+)(?:\.zip|_(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
"""mod/assign writes ``FULL NAME_NUMBER_assignsubmission_PLUGIN``, then ``_FILE`` or, as a folder, ``/FILE``."""

_BLACKBOARD = re.compile(
    r"(?P<name>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>.*)|\.txt|\.zip)?", re.IGNORECASE | re.DOTALL
)
"""Blackboard writes ``TITLE_USER_attempt_TIME``, then ``.txt`` for what was typed, or ``_FILE``."""

_CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_late)?_(?P<account>[1-9]\d{2,})_[1-9]\d{2,}_(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
"""Canvas writes ``name_USER_ATTACHMENT_FILE``, with ``_late`` behind a late one's name; LearningX does the same."""

_NAMELESS = {"anon", "anonymous", "participant", "참가자", "참여자", "익명"}
"""What systems write for everybody when they grade blind; only the number tells such students apart."""

_GROUP = re.compile(
    r"(?:(?:기본 ?(?:그룹|팀|모둠)|default (?:group|team))"
    r"|(?:group|team|section|그룹|팀|모둠|분반)[ _]?[0-9a-z]{1,3}"
    r"|[0-9a-z]{1,3} ?(?:조|팀|반|분반|그룹|모둠))-(?=.)",
    re.IGNORECASE,
)
"""The group that Moodle writes before a name, joined by a hyphen."""

_WIDE = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"\u3000": " "}
    | dict(zip("【】〔〕「」『』〈〉《》", "[]" * 6, strict=True))
)
"""Full-width forms and CJK brackets, as the ASCII ones that they stand for."""

_COPY = re.compile(
    r"(?: ?\(\d{1,3}\)| ?- ?(?:복사본|사본|copy)(?: ?\(\d{1,3}\))?| copy(?: \d{1,3})?|의 사본|-\d{8}T\d{6}Z(?:-\d+)*)$",
    re.IGNORECASE,
)
"""What browsers and file managers append to a second file of one name, and Drive to an archive it makes."""

_COPY_OF = re.compile(r"^(?:copy of |사본[ -]+)(?=.)", re.IGNORECASE)
"""What Google writes before it."""

_NUMBER = re.compile(r"(?<!\d)(?:(?:19|20)\d\d-\d{4,6}|\d{7,10})(?!\d)(?!T\d)", re.ASCII)
"""A student number: 7 to 10 digits, or a year, a hyphen and 4 to 6 digits."""

_ACCOUNT = re.compile(r"(?<![A-Za-z])[A-Za-z]{1,2}$")
"""One or two letters right before a number make an account's name of it (``s20231234``)."""

_WORD = (
    r"(?:(?:hw|homework|assignment|assign|lab|project|report|week|과제|숙제|실습|레포트|리포트|보고서|프로젝트)"
    r"[-_ #.]?(?:\d{1,2}(?![0-9])(?:주차|차)?)?"
    r"|\d{1,2} ?(?:주차|차) ?(?:과제|실습)?|[0-9A-Z]{1,2} ?(?:분반|반|조|팀)|(?:분반|section|team|class) ?[0-9A-Z]{1,2}"
    r"|20\d\d[-.]?(?:0[1-9]|1[0-2])[-.]?(?:[0-2]\d|3[01])"
    r"|submissions?|submitted|submitted files|download(?:-\d+T\d+Z)?(?:-\d+)?|drive|드라이브|다운로드"
    r"|새 ?폴더|new ?folder|classroom|file responses|파일 응답|제출|제출물|제출본|제출용|제출된 파일"
    r"|최종|최종본|최종제출|완성|완성본|수정|수정본|답안|final|done|late)"
)
_EDGE = r"[\s_\-.,()\[\]{}]"
_LEADING = re.compile(rf"^{_EDGE}*{_WORD}(?={_EDGE}|$){_EDGE}*", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:^|{_EDGE})+{_WORD}{_EDGE}*$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:_late|_\d+|_assignsubmission|_file)*[_ -]$", re.IGNORECASE)

_TOKEN = re.compile(r"[^\s_\-()\[\]{}+.,;~!#&'\"`=]+")
_SEAM = re.compile(
    r"(?<=[가-힣])(?=과제|숙제|실습|제출|최종)|(?<=과제|숙제|실습|제출|최종|학번|이름)(?=[가-힣])"
    r"|(?<=[가-힣])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[가-힣])|(?<=[A-Za-z])(?=\d{7,10}(?!\d))|(?<=\d{7})(?=[A-Za-z])"
)
"""Where ``홍길동20231234`` is two tokens."""
_MOST_TOKENS = 24
_LONGEST_PIECE = 6
"""Tokens joined to one piece: an address has up to six (``a.b-c@uni.ac.kr``)."""
_LONGEST_LABEL = 400
"""Characters of a label that are looked at. A file system allows 255 bytes; a name in a zip may have 65,535, and what
is looked for in it takes time with its square."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the name of a file or folder says.

    Args:
        name: what a system wrote of the student, or the whole label without its suffix.
        system: ``moodle``, ``blackboard`` or ``canvas``; empty if no system wrote it.
        account: what tells two students of one name apart within the system; empty if nothing does.
        rest: the file's own name, as the student chose it; empty for a folder.
        kind: Moodle's plugin (``file``, ``onlinetext``); ``feedback`` for what a teacher gave back.
        attempt: Blackboard's time of the attempt, as written.
    """

    name: str
    system: str = ""
    account: str = ""
    rest: str = ""
    kind: str = ""
    attempt: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a label means.

    Args:
        name: the student's name as the label has it.
        member: the roster's id of the student; None without a roster, or where the roster decides nothing.
        trouble: code of the verdict: ``student-unknown``, ``student-unclear``; empty if there is none.
    """

    name: str
    member: str | None = None
    trouble: str = ""


def read_label(label: str) -> Label:
    """Return what a label says; `label` is a file's or folder's name, with its suffix.

    Example::

        read_label("홍길동_12345_assignsubmission_file_hw.ipynb").name == "홍길동"
    """
    text = unicodedata.normalize("NFC", label)[:_LONGEST_LABEL]
    if match := _MOODLE.fullmatch(text):
        name = _GROUP.sub("", match["name"], count=1)
        kind = "feedback" if match["part"].casefold() == "feedback" else match["kind"].casefold()
        return Label(_told_apart(name, match["account"]), "moodle", match["account"], match["rest"] or "", kind)
    if match := _BLACKBOARD.fullmatch(text):
        return Label(match["name"], "blackboard", match["name"], match["rest"] or "", attempt=match["time"])
    # Canvas's own numbers do not begin with a year; ``과제1_20231234_1120_a`` is a student's habit.
    if (match := _CANVAS.fullmatch(text)) and not re.fullmatch(r"(?:19|20)\d{6,8}", match["account"]):
        return Label(_told_apart(match["name"], match["account"]), "canvas", match["account"], match["rest"])
    return Label(stem(text))


def whose(label: Label, notebook: str, roster: Lookup | None = None) -> Meant:
    """Return whom a label means.

    With a roster, in order: the whole label; what a system wrote; the file's own name. In each of these every piece is
    tried (tokens, and tokens beside one another), and a piece within a longer one that is somebody's name is not
    looked at. Two members found are nobody.

    Args:
        label: what to look in.
        notebook: the notebook's name without its suffix; the assignment's id will do.
        roster: who is in the class.
    """
    plain = _plain_name(label, notebook)
    if roster is None:
        return Meant(plain)
    for text in dict.fromkeys((label.name, uncopied(label.name))):
        found = _asked(roster, text)
        if found is not None:
            return Meant(text, found)
    for text in (label.name, stem(label.rest)):
        members = _members(text, notebook, roster)
        if len(set(members.values())) > 1:
            return Meant(uncopied(label.name), trouble="student-unclear")
        for piece, member in members.items():
            return Meant(piece, member)
    known = (
        None if re.fullmatch(r"\d{1,3}", plain) else _asked(roster, plain)
    )  # what staff are shown of a name that is no piece of the label, and may have answered
    return Meant(plain, known, trouble="" if known else "student-unknown")


def account_of(name: str, notebook: str, roster: Lookup | None, *, certain: bool) -> Meant:
    """Return whom a folder of nbgrader's tree means: its name is the account, whatever it looks like.

    Where it is not `certain` that nbgrader made it, a Korean name with a student number is read as anywhere else.
    """
    name = unicodedata.normalize("NFC", name)
    if roster is None and (certain or name.isascii() or student_number(name) is None):
        return Meant(name)
    return whose(read_label(name), notebook, roster)


def person(label: str, notebook: str, roster: Lookup | None) -> str | None:
    """Return the student whom a label names for certain: a member of the roster or a student number; else None."""
    if roster is not None:
        return whose(read_label(label), notebook, roster).member
    number = student_number(label)
    return None if number is None or _is_date(number) else number


def student_number(text: str) -> str | None:
    """Return the one student number in a text, or None.

    Of several, dates are left out: a student number is 7 to 10 digits and so is ``20261120``.
    """
    text = visible(text[:_LONGEST_LABEL]).translate(_WIDE)
    found = [m[0] for m in _NUMBER.finditer(text) if not _ACCOUNT.search(text[: m.start()])]
    numbers = list(dict.fromkeys(found))
    if len(numbers) > 1:
        numbers = [number for number in numbers if not _is_date(number)]
    return numbers[0] if len(numbers) == 1 else None


def names_nobody(text: str, notebook: str) -> bool:
    """Return whether a text is made of the assignment's name and words like "과제1" only."""
    if own_name(text, notebook):
        return True
    bare = _own(notebook).sub(" ", uncopied(text), count=1)
    left = _without_words(bare).strip(" _-.,()[]{}")
    return not left or re.fullmatch(r"\d{1,3}", left) is not None


def own_name(text: str, notebook: str) -> bool:
    """Return whether a text is the notebook's name without its suffix, copied or numbered or not."""
    bare = re.sub(r"-\d{1,2}$", "", uncopied(text)) if text.casefold() != notebook.casefold() else text
    return bare.casefold() == unicodedata.normalize("NFC", notebook).casefold()


def stem(name: str) -> str:
    """Return a file's name, NFC, without a notebook's or an archive's suffix."""
    text = unicodedata.normalize("NFC", name)
    return re.sub(r"(?:\.ipynb)?(?:\.zip)?$", "", text, flags=re.IGNORECASE)


def _plain_name(label: Label, notebook: str) -> str:
    """Return the student's name in a label without a roster's help."""
    text = label.name
    if label.system == "blackboard":
        # The title comes first and may hold anything; a user's name with an underscore is cut, and two that become
        # one name by it are held back as a collision.
        text = text.rpartition("_")[2] or text
    number = student_number(text)
    if number is not None:
        return number
    if label.system:
        return text
    return _off_the_assignment(uncopied(text), notebook)


def _off_the_assignment(text: str, notebook: str) -> str:
    """Return what is left of a label when the assignment's name and words are taken off, or all of it."""
    own = _own(notebook)
    for match in own.finditer(text):
        before, behind = text[: match.start()], text[match.end() :]
        joint = _BETWEEN.search(before)
        if joint and joint.start() > 0:
            before = before[: joint.start()].rstrip(" -")
            return _without_words(before) or before
        if not before.strip(" _-.,()[]{}"):
            left = _without_words(uncopied(behind)).strip(" _-.,()[]{}")
            return left if left and not re.fullmatch(r"\d{1,3}", left) else text
    bare = _without_words(text)
    return bare or text


def _without_words(text: str) -> str:
    """Return a text without the words at its ends that say what was handed in; brackets go with them."""
    wide = text.translate(_WIDE)
    bare = wide
    while True:
        shorter = _TRAILING.sub("", _LEADING.sub("", bare))
        if shorter == bare:
            break
        bare = shorter
    if not bare.strip(" _-.,()[]{}"):
        return ""
    bare = bare.strip()
    if enclosed := re.fullmatch(r"[\[({]([^\[\](){}]+)[\])}]", bare):
        bare = enclosed[1].strip()
    for opening, closing in ("()", "[]", "{}"):  # the other half went with a word
        if opening not in bare:
            bare = bare.replace(closing, "")
        if closing not in bare:
            bare = bare.replace(opening, "")
    return bare.strip(" _-") if bare != wide else text


def _members(text: str, notebook: str, roster: Lookup) -> dict[str, str]:
    """Return the pieces of a text that are names on the roster, longest first, with the members' ids."""
    masked = _own(notebook).sub(lambda m: "\0" * len(m[0]), visible(text).translate(_WIDE)[:_LONGEST_LABEL])
    spans: list[tuple[int, int]] = []
    for part in re.finditer(r"[^\0]+", masked):
        for match in _TOKEN.finditer(part[0]):
            cuts = [0, *(m.start() for m in _SEAM.finditer(match[0])), len(match[0])]
            start = part.start() + match.start()
            spans += [(start + a, start + b) for a, b in pairwise(cuts) if a < b]
    spans = spans[:_MOST_TOKENS]

    found: dict[str, str] = {}
    taken: list[tuple[int, int]] = []
    for length in range(min(_LONGEST_PIECE, len(spans)), 0, -1):
        for first in range(len(spans) - length + 1):
            start, end = spans[first][0], spans[first + length - 1][1]
            if any(a <= start and end <= b for a, b in taken) or "\0" in masked[start:end]:
                continue
            tokens = [masked[a:b] for a, b in spans[first : first + length]]
            if length == 1 and re.fullmatch(r"\d{1,3}", tokens[0]):
                continue
            forms = dict.fromkeys((masked[start:end], "".join(tokens), " ".join(tokens)))
            members = {form: member for form in forms if (member := _asked(roster, form)) is not None}
            if members:
                taken.append((start, end))
                found |= members
    return found


def _asked(roster: Lookup, text: str) -> str | None:
    """Ask the roster for a name as found, then without what cannot be seen in it."""
    for form in dict.fromkeys((unicodedata.normalize("NFC", text), visible(text))):
        if form.strip() and (member := roster(form)) is not None:
            return member
    return None


def _own(notebook: str) -> re.Pattern[str]:
    """Return what finds the notebook's name, its words joined by any of ``-_ ``, in a label."""
    words = [re.escape(word) for word in re.split(r"[-_ ]+", unicodedata.normalize("NFC", notebook)) if word]
    return re.compile(rf"(?<![^\W_]){'[-_ ]+'.join(words)}(?![^\W_])", re.IGNORECASE)


def uncopied(text: str) -> str:
    """Return a name, NFC, without what a browser, file manager or Drive appended to it."""
    return _COPY.sub("", _COPY_OF.sub("", unicodedata.normalize("NFC", text)[:_LONGEST_LABEL]))


def _told_apart(name: str, account: str) -> str:
    return f"{name}_{account}" if name.casefold() in _NAMELESS else name


def _is_date(number: str) -> bool:
    try:
        return len(number) == 8 and 2000 <= datetime.strptime(number, "%Y%m%d").year < 2100
    except ValueError:
        return False
