"""The one roster: what people save as CSV, whom a name means, and what is said of a file that will not do."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.likeness import same_name, skeleton
from autograder.intake.roster import Member, Roster, read_roster

CLASS = """계정,학번,이름,메일,분반
kim,20231234,김하늘,haneul@example.ac.kr,1
lee,20231235,이서연,seo@example.ac.kr,1
park,20231236,이서연,seo@other.ac.kr,2
"""
KIM = Member("kim", "20231234", "김하늘", "haneul@example.ac.kr", "1")


def roster(tmp_path: Path, content: str | bytes = CLASS) -> Roster:
    path = tmp_path / "명단.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_roster(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_roster_reads_the_same_however_excel_saved_it(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    text = CLASS.replace(",", separator).replace("\n", end)
    assert roster(tmp_path, text.encode(encoding)) == roster(tmp_path)
    assert roster(tmp_path).members[0] == KIM


@pytest.mark.parametrize(
    "header",
    ["계정,학번,이름,메일,분반", "id,Student Number,Name,E-mail,Section", "Username,학번,성명,이메일 주소,반"],
)
def test_headings_have_their_usual_other_names(tmp_path: Path, header: str) -> None:
    assert roster(tmp_path, CLASS.replace("계정,학번,이름,메일,분반", header)).members[0] == KIM


def test_columns_come_in_any_order_and_only_the_account_is_needed(tmp_path: Path) -> None:
    assert roster(tmp_path, "비고,이름,계정\n,김하늘,kim\n").members == (Member("kim", name="김하늘"),)
    assert roster(tmp_path, "계정\nkim\n\nlee\n").members == (Member("kim"), Member("lee"))


def test_what_excel_writes_around_a_value_is_no_part_of_it(tmp_path: Path) -> None:
    found = roster(tmp_path, 'sep=;\n계정;학번;이름\n"=""kim""";="0071"; 김하늘 \n')
    assert found.members == (Member("kim", "0071", "김하늘"),)


def test_a_family_name_in_a_column_of_its_own_is_part_of_the_name(tmp_path: Path) -> None:
    """As ``nbgrader db student import`` wants them."""
    found = roster(tmp_path, "id,last_name,first_name,email\nkim,김,하늘,\nfox,Fox,Ada,\n")
    assert [member.name for member in found] == ["김하늘", "Ada Fox"]


@pytest.mark.parametrize(
    "name",
    [
        "kim",
        "KIM",
        "20231234",
        "haneul@example.ac.kr",
        "Haneul",
        "김하늘",
        "김 하늘",
        unicodedata.normalize("NFD", "김하늘"),
        "김\u200b하늘\ufeff",
    ],
)
def test_a_name_means_whoever_alone_it_can_mean(tmp_path: Path, name: str) -> None:
    assert roster(tmp_path)(name) == "kim"


@pytest.mark.parametrize("name", ["이서연", "seo", "김하", "", " ", "2023123", "kіm", "kim2"])
def test_a_name_that_could_mean_two_or_nobody_means_nobody(tmp_path: Path, name: str) -> None:
    """Equal names, equal parts of addresses, parts of names, and look-alikes (the last one is half Cyrillic)."""
    assert roster(tmp_path)(name) is None


def test_a_name_that_is_anothers_account_means_the_account(tmp_path: Path) -> None:
    assert roster(tmp_path, "계정,이름\nkim,lee\nlee,kim\n")("kim") == "kim"


def test_a_name_that_is_the_beginning_of_anothers_address_means_nobody(tmp_path: Path) -> None:
    assert roster(tmp_path, "계정,이름,메일\na,sky,x@y.kr\nb,김,sky@y.kr\n")("sky") is None


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        ("", "roster-invalid", "빈 파일"),
        ("이름,학번\n김하늘,1\n", "roster-invalid", "'계정' 열이 없습니다"),
        ("계정,이름\n", "roster-invalid", "한 명도 없습니다"),
        ("계정,id\na,b\n", "roster-invalid", "'계정' 열이 둘 이상"),
        ("계정\nkim\nlee\nKIM\n", "roster-invalid", "4번째 줄: 2번째 줄과 계정 값이 같습니다(KIM)"),
        ("계정,학번\nkim,7\nlee,7\n", "roster-invalid", "3번째 줄: 2번째 줄과 학번 값이 같습니다(7)"),
        ("계정,학번\nkim,7\n7,8\n", "roster-invalid", "3번째 줄: 2번째 줄과 계정 값이 같습니다(7)"),
        ("계정,이름\nkim,김\n,이서연\n", "roster-invalid", "3번째 줄: 계정이 비어"),
        ("계정,학번\nkim,2.0231E+07\n", "roster-invalid", "2번째 줄: 엑셀이 긴 숫자를 줄였습니다(2.0231E+07)"),
        ("계정\n../kim\n", "roster-invalid", "2번째 줄: 계정 '../kim'"),
        (b"PK\x03\x04rest", "roster-unreadable", "엑셀 통합 문서"),
        (b"\x81\xff\xfe\x00\x00", "roster-unreadable", "인코딩"),
        ('계정\n"kim' + "x" * 200_000, "roster-unreadable", "CSV"),
    ],
)
def test_a_file_that_will_not_do_is_told_why_and_where(
    tmp_path: Path, content: str | bytes, code: str, told: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        roster(tmp_path, content)
    assert caught.value.code == code
    assert told in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        read_roster(tmp_path / "none.csv")
    assert caught.value.code == "roster-unreadable"


def test_of_many_faults_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        roster(tmp_path, "계정,이름\n" + ",누구\n" * 9)
    assert caught.value.message.count("번째 줄") == 5
    assert "그 밖에 4곳" in caught.value.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kim", "kіm"),  # Cyrillic
        ("park", "ραrk"),  # Greek
        ("20231101", "2O23llOl"),
        ("20231101", "２０２３１１０１"),
        ("norman", "nonnan".replace("nn", "rrn")),
        ("ㅎㅗㅇ", "호ᄋ"),  # compatibility and conjoining Jamo
        ("Kim", "kim"),
        ("홍\u200d길동", "홍길동"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("kim", "kin"), ("각가", "가까"), ("20231234", "20231235"), ("é", "e"), ("홍길동", "흥길동")]
)
def test_names_that_are_told_apart_at_a_glance_have_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_one_name_is_one_name_in_every_form() -> None:
    assert same_name("홍 길동") == same_name("홍길동") == same_name("홍길동\u2060")


def test_former_members_are_no_members(tmp_path: Path) -> None:
    """The course's own roster remembers them; a number that somebody else has by now is no fault there."""
    found = roster(tmp_path, "계정,학번,명단 상태\nkim,7,\nold,7,빠짐\ngone,9,제외\n")
    assert [m.account for m in found] == ["kim"]
    assert [m.account for m in found.left] == ["old"]
    assert [m.account for m in found.removed] == ["gone"]
    assert found("9") is None
    with pytest.raises(IntakeError, match="3번째 줄"):
        roster(tmp_path, "계정,명단 상태\nkim,\nlee,휴학\n")
