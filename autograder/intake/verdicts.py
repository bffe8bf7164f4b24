"""Owns every code and Korean sentence that intake can say about a submission; documentation lists this table.

A message says what was found, what that means for the grade, and what to do, in this order. It never holds a path of
this machine or anything hidden. Codes are stable: scripts and the documentation match on them; sentences may be
reworded.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOTHING_TO_GRADE", "TABLE", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that intake can find. The sentences are templates whose fields `findings.verdict` fills.

    The particle behind a field is a field too, with both its forms: ``'{label}'{label:이/가}`` (`autograder.korean`).

    Args:
        code: stable English code.
        fatal: the submission is not run; a person decides.
        found: what was found.
        meaning: what it means for the grade.
        action: what the student can do.
    """

    code: str
    fatal: bool
    found: str
    meaning: str
    action: str

    @property
    def message(self) -> str:
        """The three sentences as one template."""
        return f"{self.found} {self.meaning} {self.action}"


def _note(code: str, found: str, meaning: str, action: str) -> Kind:
    return Kind(code, False, found, meaning, action)


def _fatal(code: str, found: str, meaning: str, action: str) -> Kind:
    return Kind(code, True, found, meaning, action)


def _person(code: str, found: str, action: str) -> Kind:
    return Kind(code, True, found, "이 제출물은 채점하지 않고 담당자에게 넘깁니다.", action)


_KINDS = (
    # where the submission came from
    _person("notebook-missing", "제출 폴더에 노트북(.ipynb)이 없습니다.", "'{expected}' 파일을 제출하세요."),
    _person(
        "notebook-ambiguous",
        "제출 폴더에 노트북이 여러 개 있고 이름이 '{expected}'인 것이 없어 어느 것이 답안인지 알 수 없습니다.",
        "답안 노트북 하나만 '{expected}'{expected:으로/로} 제출하세요.",
    ),
    _person(
        "answers-in-several",
        "답이 노트북 여러 개에 나뉘어 있어 한 노트북만 채점하면 빠지는 답이 있습니다.",
        "모든 답을 '{expected}' 하나에 모아 다시 제출하세요.",
    ),
    _fatal(
        "student-collision",
        "같은 학생 이름으로 제출물이 둘 이상 있습니다(표기만 다른 유니코드 이름도 같은 이름입니다).",
        "어느 것도 채점하지 않고 담당자에게 넘깁니다.",
        "채점할 제출물 하나를 담당자에게 알려 주세요.",
    ),
    _person(
        "student-unknown",
        "'{name}'{name:은/는} 수강생 명단에 없는 이름입니다.",
        "파일이나 폴더 이름의 학번을 확인하세요.",
    ),
    _person(
        "student-unclear",
        "'{name}'에서 어느 학생인지 하나로 정할 수 없습니다.",
        "파일이나 폴더 이름에 본인의 학번을 적어 다시 제출하세요.",
    ),
    _person("file-unreadable", "제출 파일을 읽을 수 없습니다.", "파일을 다시 제출하세요."),
    _person(
        "file-symlink",
        "제출 파일이 다른 파일을 가리키는 바로가기(심볼릭 링크)입니다.",
        "노트북 파일 자체를 제출하세요.",
    ),
    _person("file-special", "제출 항목이 일반 파일이 아닙니다.", "노트북 파일을 제출하세요."),
    _person(
        "file-type",
        "노트북(.ipynb)이 아닌 파일 '{name}'{name:이/가} 제출되었습니다.",
        "'{expected}' 파일을 제출하세요.",
    ),
    _fatal(
        "source-too-many",
        "파일이 너무 많아 {limit}개까지만 읽었습니다.",
        "나머지는 채점하지 않습니다.",
        "제출물만 들어 있는 폴더나 압축 파일인지 확인하세요.",
    ),
    _person("zip-broken", "압축 파일을 읽을 수 없습니다.", "압축을 다시 만들어 제출하세요."),
    _person("zip-encrypted", "압축 파일에 암호가 걸려 있습니다.", "암호 없이 다시 압축해 제출하세요."),
    _fatal(
        "zip-traversal",
        "압축 파일 안에 상위 폴더('..')를 가리키는 이름이 있습니다.",
        "그 항목은 읽지 않았고 담당자가 확인합니다.",
        "노트북만 넣어 다시 압축하세요.",
    ),
    _fatal(
        "zip-absolute",
        "압축 파일 안에 절대 경로로 된 이름이 있습니다.",
        "그 항목은 읽지 않았고 담당자가 확인합니다.",
        "노트북만 넣어 다시 압축하세요.",
    ),
    _person(
        "zip-duplicate",
        "압축 파일 안에 같은 이름의 항목이 둘 이상 있어 어느 것이 답안인지 알 수 없습니다.",
        "노트북 하나만 넣어 다시 압축하세요.",
    ),
    _person("zip-bomb", "압축을 풀면 크기가 지나치게 커지는 압축 파일입니다.", "노트북만 넣어 다시 압축하세요."),
    _person(
        "zip-too-large",
        "제출한 압축 파일이 너무 큽니다.",
        "데이터와 출력을 빼고 노트북만 넣어 다시 압축하세요.",
    ),
    _person(
        "zip-too-many",
        "제출한 압축 파일 안에 파일이 너무 많습니다.",
        "노트북만 넣어 다시 압축하세요.",
    ),
    _person(
        "zip-nested",
        "압축 파일이 여러 겹으로 들어 있어 안을 읽지 않았습니다.",
        "노트북만 넣어 한 번만 압축하세요.",
    ),
    # the bytes and what they hold
    _person(
        "intake-error",
        "제출물을 읽다가 채점기에 문제가 생겼습니다(답안의 잘못이 아닐 수 있습니다).",
        "담당자가 확인할 때까지 기다리세요.",
    ),
    _person(
        "too-large",
        "노트북이 너무 큽니다(최대 {limit}MB, 저장된 출력을 빼면 최대 {kept}MB).",
        "출력을 모두 지우고(Clear All Outputs) 첨부한 그림을 줄여 다시 제출하세요.",
    ),
    _person("notebook-empty", "노트북 파일이 비어 있습니다.", "파일을 저장한 뒤 다시 제출하세요."),
    _person(
        "notebook-not-json",
        "노트북으로 읽을 수 없는 파일입니다(JSON 형식 오류).",
        "Jupyter에서 열리는지 확인하고 다시 저장해 제출하세요.",
    ),
    _person(
        "merge-conflict",
        "노트북 파일에 합치다 만 표시(<<<<<<<, =======, >>>>>>>)가 남아 있어 읽을 수 없습니다.",
        "한쪽 내용만 남기고 표시를 지워 Jupyter에서 열리는지 확인한 뒤 다시 제출하세요.",
    ),
    _person(
        "notebook-truncated", "노트북 파일이 중간에서 끊겨 있습니다.", "저장이나 업로드가 끝난 파일을 다시 제출하세요."
    ),
    _person(
        "notebook-is-html",
        "노트북이 아니라 웹 페이지(HTML)가 저장된 파일입니다.",
        "웹 페이지를 저장하지 말고 .ipynb 파일을 내려받아 제출하세요.",
    ),
    _person("json-too-deep", "노트북의 구조가 지나치게 깊이 겹쳐 있습니다.", "출력을 모두 지우고 다시 제출하세요."),
    _person("json-too-complex", "노트북의 구조가 지나치게 복잡합니다.", "출력을 모두 지우고 다시 제출하세요."),
    _person("not-a-notebook", "JSON 파일이지만 Jupyter 노트북이 아닙니다.", "과제 노트북을 제출하세요."),
    _person(
        "notebook-structure", "노트북의 셀 목록을 읽을 수 없습니다.", "Jupyter에서 열어 다시 저장한 뒤 제출하세요."
    ),
    _person(
        "new-nbformat",
        "이 채점기가 모르는 새 노트북 형식(nbformat {version})입니다.",
        "nbformat 4로 저장해 제출하세요.",
    ),
    _person("too-many-cells", "셀이 너무 많습니다(최대 {limit}개).", "필요 없는 셀을 지우고 다시 제출하세요."),
    _person(
        "wrong-kernel",
        "Python 노트북이 아닙니다({language}).",
        "커널을 Python 3으로 바꾸어 작성한 노트북을 제출하세요.",
    ),
    # whose work it is
    _person(
        "assignment-mismatch",
        "'{expected}' 과제의 노트북이 아니라 '{name}' 과제의 노트북입니다.",
        "'{expected}' 과제의 노트북을 다시 제출하세요.",
    ),
    _person(
        "no-answers",
        "노트북에 '{expected}' 과제의 답안 셀도, 문제에서 묻는 함수도 없습니다.",
        "과제 노트북에 작성한 답안이 맞는지 확인해 다시 제출하세요.",
    ),
    _person(
        "answers-unclear",
        "'{expected}' 과제의 셀이 하나도 없고, 문제에서 묻는 함수도 '{name}' 하나뿐입니다.",
        "과제 노트북에 작성한 답안이 맞는지 확인해 다시 제출하세요.",
    ),
    _note(
        "template-untouched",
        "제출한 답이 없습니다(배포된 노트북 그대로입니다).",
        "자동 채점 점수는 0점입니다.",
        "답을 작성했다면 저장한 파일이 맞는지 확인해 다시 제출하세요.",
    ),
    _note(
        "code-unanswered",
        "자동으로 채점하는 문항에 작성한 답이 없습니다.",
        "자동 채점 점수는 0점이고, 서술한 답은 사람이 채점합니다.",
        "코드를 작성했다면 저장한 파일이 맞는지 확인해 다시 제출하세요.",
    ),
    # where the submission came from
    _note(
        "notebook-renamed",
        "노트북 이름이 '{expected}'{expected:이/가} 아니라 '{name}'입니다.",
        "이름 때문에 점수를 깎지 않습니다.",
        "다음부터는 파일 이름을 바꾸지 마세요.",
    ),
    _note(
        "notebook-extra",
        "'{expected}' 말고 다른 노트북이 {count}개 더 있습니다.",
        "그 노트북은 채점하지 않습니다.",
        "답안은 한 노트북에 작성하세요.",
    ),
    _note(
        "notebook-written",
        "'{expected}'에는 작성한 답이 없고 '{name}'에 답이 있습니다.",
        "답이 있는 노트북을 채점합니다.",
        "다음에는 답안을 '{expected}' 하나로 제출하세요.",
    ),
    _note(
        "student-name",
        "이름에 쓸 수 없는 글자가 있어 '{name}'{name:으로/로} 바꾸어 기록했습니다.",
        "점수에는 영향이 없습니다.",
        "파일이나 폴더 이름을 확인하세요.",
    ),
    _note(
        "student-repeated",
        "같은 학생의 똑같은 제출물이 둘 이상 있습니다.",
        "내용이 같아 한 번만 채점합니다.",
        "따로 할 일은 없습니다.",
    ),
    _note(
        "attempt-older",
        "같은 과제를 {count}번 더 먼저 제출했습니다.",
        "가장 나중에 제출한 것만 채점합니다.",
        "따로 할 일은 없습니다.",
    ),
    _note(
        "clock-differs",
        "제출 시각이 분명하지 않습니다(제출물의 timestamp.txt와 다르거나 아직 오지 않은 시각입니다).",
        "{time}에 받은 것으로 기록합니다.",
        "시각이 사실과 다르면 담당자에게 알려 주세요.",
    ),
    _note(
        "timestamp-invalid",
        "제출 시각(timestamp.txt)을 읽을 수 없습니다.",
        "제출 시각을 비워 둡니다. 점수에는 영향이 없습니다.",
        "지각 여부가 궁금하면 담당자에게 문의하세요.",
    ),
    # the bytes and what they hold
    _note(
        "encoding-bom",
        "파일 앞에 BOM 표식이 있어 떼고 읽었습니다.",
        "점수에는 영향이 없습니다.",
        "다음에는 UTF-8(BOM 없음)로 저장하세요.",
    ),
    _note(
        "encoding-utf16",
        "UTF-8이 아니라 {encoding}{encoding:으로/로} 저장된 파일이라 바꾸어 읽었습니다.",
        "점수에는 영향이 없습니다.",
        "다음에는 UTF-8로 저장하세요.",
    ),
    _note(
        "encoding-cp949",
        "UTF-8이 아니라 CP949(EUC-KR)로 저장된 파일이라 바꾸어 읽었습니다.",
        "점수에는 영향이 없습니다.",
        "한글이 깨져 보이면 담당자에게 알리고, 다음에는 UTF-8로 저장하세요.",
    ),
    _note(
        "encoding-repaired",
        "UTF-8로 읽을 수 없는 글자가 {count}곳 있어 '\ufffd'로 바꾸었습니다.",
        "나머지는 그대로 채점합니다.",
        "깨진 글자가 답안에 있으면 고쳐서 다시 제출하세요.",
    ),
    _note(
        "json-constant",
        "노트북에 표준 JSON이 아닌 값(NaN, Infinity)이 있어 비우고 읽었습니다.",
        "답안에는 영향이 없습니다.",
        "따로 할 일은 없습니다.",
    ),
    _note(
        "json-duplicate-key",
        "노트북에 같은 이름의 항목이 겹쳐 있습니다.",
        "겹친 것 가운데 마지막 것만 읽었습니다.",
        "빠진 내용이 있으면 Jupyter에서 다시 저장해 제출하세요.",
    ),
    _note(
        "old-nbformat",
        "오래된 노트북 형식(nbformat {version})입니다.",
        "형식 4로 바꾸어 읽었고 점수에는 영향이 없습니다.",
        "다음에는 최신 Jupyter에서 저장하세요.",
    ),
    _note(
        "nbformat-unstated",
        "노트북 형식 번호가 없거나 잘못되었습니다.",
        "형식 4로 보고 읽었고 점수에는 영향이 없습니다.",
        "다음에는 Jupyter에서 저장한 파일을 제출하세요.",
    ),
    _note(
        "cell-invalid",
        "{where}{where:을/를} 읽을 수 없어 뺐습니다.",
        "나머지 셀은 그대로 채점합니다.",
        "Jupyter에서 열어 내용을 확인하세요.",
    ),
    _note(
        "cell-source",
        "{where}의 내용이 글이 아니어서 읽을 수 있는 부분만 남겼습니다.",
        "나머지 셀은 그대로 채점합니다.",
        "내용을 확인하세요.",
    ),
    _note(
        "cell-type-unknown",
        "{where}{where:은/는} 알 수 없는 종류입니다.",
        "실행하지 않는 글로 읽었습니다.",
        "답안이라면 코드 셀로 바꾸어 다시 제출하세요.",
    ),
    _note(
        "metadata-invalid",
        "{where}의 부가 정보(metadata)가 잘못되어 무시했습니다.",
        "셀의 내용은 그대로 채점합니다.",
        "과제 노트북을 새로 받아 확인해 보세요.",
    ),
    _note(
        "duplicate-cell-id",
        "셀 고유 번호(id)가 겹쳐 새로 붙였습니다.",
        "점수에는 영향이 없습니다.",
        "따로 할 일은 없습니다.",
    ),
    _note(
        "text-repaired",
        "{where}에 저장할 수 없는 글자(짝이 없는 서로게이트)가 있어 '\ufffd'로 바꾸었습니다.",
        "나머지는 그대로 채점합니다.",
        "답안에 있으면 고쳐서 다시 제출하세요.",
    ),
    _note(
        "attachments-dropped",
        "{where}에 첨부한 파일이 너무 크거나 그림이 아니어서 뺐습니다.",
        "글과 코드는 그대로 채점합니다.",
        "그림을 줄여 첨부하세요.",
    ),
    _note(
        "conflict-in-cell",
        "{where}에 합치다 만 표시(<<<<<<<, =======, >>>>>>>)가 남아 있습니다.",
        "코드 셀이라면 그대로는 실행되지 않습니다. 다른 셀은 그대로 채점합니다.",
        "한쪽 내용만 남기고 표시를 지워 다시 제출하세요.",
    ),
    _note(
        "unknown-kernel",
        "커널 이름 '{name}'{name:은/는} 채점 환경에 없어 표준 Python 3으로 실행합니다.",
        "점수에는 영향이 없습니다.",
        "Python 3에서 처음부터 다시 실행되는지 확인해 보세요.",
    ),
    # the cells against the master
    _note(
        "locked-cell-restored",
        "지울 수 없는 셀 '{label}'{label:이/가} 없어 원본으로 되살렸습니다.",
        "점수에는 영향이 없습니다.",
        "다음에는 지우지 마세요.",
    ),
    _note(
        "locked-cells-restored",
        "지울 수 없는 셀 {count}개가 없어 원본으로 되살렸습니다.",
        "점수에는 영향이 없습니다.",
        "다음에는 배포된 노트북에 작성하세요.",
    ),
    _note(
        "locked-cell-edited",
        "고칠 수 없는 셀 '{label}'{label:이/가} 바뀌어 있습니다.",
        "원본으로 되돌려 채점합니다. 점수에는 영향이 없습니다.",
        "값을 바꾸어 보려면 새 셀을 만들어 쓰세요.",
    ),
    _note(
        "locked-cell-added",
        "고칠 수 없는 셀 '{label}'에 더 쓴 코드가 있습니다.",
        "셀은 원본대로 두고, 더 쓴 코드는 따로 떼어 이어서 실행합니다. 점수에는 영향이 없습니다.",
        "다음에는 새 셀이나 답안 셀에 쓰세요.",
    ),
    _note(
        "cell-missing",
        "답안 셀 '{label}'{label:이/가} 없습니다.",
        "작성하지 않은 것으로 채점합니다.",
        "과제 노트북을 새로 받아 답안을 옮겨 제출하세요.",
    ),
    _note(
        "question-changed",
        "'{label}' 문항은 이 노트북을 받은 뒤에 바뀌었습니다. 이전 판의 함수 '{name}'만 있습니다.",
        "새 판의 함수가 없으므로 이 문항은 작성하지 않은 것으로 채점합니다.",
        "과제 노트북을 새로 받아 이 문항을 풀고 나머지 답안을 옮겨 제출하세요.",
    ),
    _note(
        "cell-adopted",
        "답안 셀 '{label}'에 없는 함수를 다른 셀에서 정의했습니다.",
        "그 셀의 함수로 채점하며, 점수에는 영향이 없습니다.",
        "다음에는 답안 셀 안에 작성하세요.",
    ),
    _note(
        "cell-duplicated",
        "같은 이름의 셀 '{label}'{label:이/가} {count}개 있습니다.",
        "작성한 것은 모두 실행하고, 같은 함수가 여럿이면 마지막에 정의한 것으로 채점합니다.",
        "한 셀만 남겨 두면 어느 것이 답인지 분명해집니다.",
    ),
    _note(
        "locked-cell-duplicated",
        "고칠 수 없는 셀 '{label}'의 사본이 {count}개 더 있습니다.",
        "원본과 같은 것 하나만 쓰고, 내용이 다른 사본은 추가한 셀로 보고 실행합니다.",
        "사본을 지우거나 새 셀을 만들어 쓰세요.",
    ),
    _note(
        "cell-moved",
        "셀 '{label}'의 자리가 원본과 다릅니다.",
        "원본 순서로 되돌려 실행합니다.",
        "다음에는 셀을 옮기지 마세요.",
    ),
    _note(
        "cell-type-changed",
        "답안 셀 '{label}'의 종류가 바뀌어 있습니다.",
        "원래 종류로 되돌려 채점합니다.",
        "코드 셀과 글 셀을 서로 바꾸지 마세요.",
    ),
    _note(
        "metadata-lost",
        "노트북에 문항 표시(nbgrader metadata)가 없습니다.",
        "함수 이름과 셀 내용으로 문항을 찾아 채점합니다.",
        "빠진 문항이 있으면 과제 노트북을 새로 받아 답안을 옮겨 제출하세요.",
    ),
    _note(
        "syntax-error",
        "{where} {line}번째 줄에 문법 오류가 있어 이 셀은 실행되지 않습니다.",
        "다른 셀은 그대로 채점합니다.",
        "오류를 고쳐 다시 제출하세요.",
    ),
    _note(
        "unanswered",
        "답안 셀 '{label}'{label:이/가} 처음 그대로입니다.",
        "작성하지 않은 것으로 채점합니다.",
        "작성했다면 저장한 뒤 다시 제출하세요.",
    ),
    # a class as a whole: for staff, on no student's page
    _note(
        "name-looks-alike",
        "눈으로 구별하기 어려운 이름이 {count}개 있습니다({name}).",
        "점수에는 영향이 없습니다.",
        "같은 사람인지, 남의 이름을 흉내 낸 것인지 확인하세요.",
    ),
    _note(
        "content-equal",
        "내용이 똑같은 제출물을 {count}명이 냈습니다({name}).",
        "점수에는 영향이 없습니다.",
        "파일을 잘못 올렸는지, 같은 답안을 나누어 썼는지 확인하세요.",
    ),
)

NOTHING_TO_GRADE = frozenset({"template-untouched", "code-unanswered"})
"""Verdicts of work that earns nothing for want of an answer: it is graded, and whoever checks it first is told no."""

TABLE: dict[str, Kind] = {kind.code: kind for kind in _KINDS}
"""Every verdict that intake can give, by code."""
