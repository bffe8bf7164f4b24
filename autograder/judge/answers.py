"""What a notebook answers: the names that its questions ask for, the cells they are in, and what became of them.

A sandbox remembers what each name was bound to while the cells ran (`sandbox.shell.bindings`). This is the judge's end
of that: which names to remember, and what the claims mean for a question. Nothing hidden is in a sandbox when it is
asked.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.judge.cell_text import functions_in, imported_in
from autograder.korean import fill
from autograder.marks import Mark
from autograder.model import Question, Verdict
from autograder.sandbox import Bound, StudentError, Watched

__all__ = ["Answers"]

_OVERWRITTEN = (
    "{0}에서 {1}에 함수가 아닌 값을 넣거나 지웠습니다. 채점할 때는 그 전의 함수를 쓰며, 점수에는 영향이 없습니다. "
    "다음에는 다른 이름을 쓰세요."
)
_SHADOWED = (
    "{0}에서 내장 함수나 모듈의 이름 {1}에 다른 값을 넣었습니다. 이 이름을 쓰는 답이 점수를 잃으면 "
    "본래의 것으로 한 번 더 채점하고 높은 점수를 줍니다. 다음에는 다른 이름을 쓰세요."
)
_BETTER = (
    "{0}: 답안 셀을 실행한 뒤에 다른 셀이 바꾼 이름이 있어{1}, 그대로 채점한 점수와 답안 셀을 막 실행한 때의 것으로 "
    "채점한 점수 가운데 높은 것을 주었습니다. 따로 할 일은 없습니다."
)


class Answers:
    """The answers of one assembled notebook.

    Args:
        cells: the notebook's, nbformat 4 JSON.
        questions: the assignment's.
        grade_ids: grade_id of each cell by index, "" where it has none.
        sources: text of each code cell by index.
    """

    def __init__(
        self,
        cells: Sequence[Mapping[str, Any]],
        questions: Sequence[Question],
        grade_ids: Mapping[int, str],
        sources: Mapping[int, str],
    ) -> None:
        self._marks = [Mark.of(cell) for cell in cells]
        self._grade_ids = grade_ids
        self._unbegun = {grade_ids[index] for index, mark in enumerate(self._marks) if mark.unbegun}
        stated = {grade_ids[index]: mark.names for index, mark in enumerate(self._marks)}
        self._names = {q.solution_cell: q.names or stated.get(q.solution_cell, ()) for q in questions if not q.manual}
        self._asked = tuple(name for names in self._names.values() for name in names)
        self._defining = {i for i, source in sources.items() if not functions_in(source).isdisjoint(self._asked)}
        modules = {name for source in sources.values() for name in imported_in(source)}
        self._shadowable = sorted(modules | {name for name in vars(builtins) if not name.startswith("_")})
        self._bound = Bound()

    def is_in(self, index: int) -> bool:
        """Return whether a cell holds an answer, or a part of one."""
        return self._grade_ids[index] in self._names or bool(self._marks[index].answers)

    def holds(self, index: int, label: str) -> bool:
        """Return whether a cell holds the answer of this solution cell, or a part of it."""
        return index in self._grade_ids and (self._grade_ids[index] == label or label in self._marks[index].answers)

    def defines(self, index: int) -> bool:
        """Return whether a cell's text defines a function that a question asks for, wherever it stands."""
        return index in self._defining

    def watched(self, index: int) -> Watched:
        """Return which names to remember of a cell."""
        mark, label = self._marks[index], self._grade_ids[index]
        answers = (*((label,) if label in self._names else ()), *mark.answers)
        return Watched(self._asked, answers, tuple((stub.name, stub.first, stub.last) for stub in mark.stubs))

    def put_back(self, sandbox: Any) -> None:
        """Have a sandbox bind what its cells took away, and take note of what it says of the names.

        Raises:
            SandboxDied, ProtocolError: as `Sandbox.put_back`.
        """
        self._bound = Bound()
        try:
            self._bound = sandbox.put_back(self._asked, sorted(self._names), self._shadowable, len(self._marks))
        except StudentError:  # no memory left, say
            return

    def is_begun(self, label: str) -> bool:
        """Return whether there is anything of the answer in this solution cell, or elsewhere in its place."""
        written = {name for name, _ in self._bound.written}
        return label not in self._unbegun or not written.isdisjoint(self._names.get(label, ()))

    def is_changed(self, label: str) -> bool:
        """Return whether an answer reads something that is another thing now than when its cell had run."""
        return label in self._bound.changed

    def told(self, cell_name: Callable[[int], str]) -> Iterator[tuple[str, str, int]]:
        """Yield code, message and index of the cell for each cell that took names away."""
        for code, text, found in (
            ("name-overwritten", _OVERWRITTEN, self._bound.overwritten),
            ("name-shadowed", _SHADOWED, self._bound.shadowed),
        ):
            for index in sorted({index for _, index in found}):
                listed = ", ".join(f"`{name}`" for name, where in found if where == index)
                yield code, fill(text, cell_name(index), listed), index

    def better_of_two(self, labels: Sequence[str], cell_name: Callable[[int], str]) -> Verdict:
        """Return the verdict that these answers are worth more with everything as it was when their cells had run."""
        names = {name: label for label in labels for name in self._names.get(label, ())}
        again = [
            f"{cell_name(index)}의 `{name}`"
            for name, index in self._bound.written
            if name in names and names[name] not in (self._grade_ids[index], *self._marks[index].answers)
        ]
        listed, where = ", ".join(f"`{label}`" for label in labels), f"({', '.join(again)})" if again else ""
        return Verdict("better-of-two", fill(_BETTER, listed, where), cell=labels[0] if len(labels) == 1 else None)
