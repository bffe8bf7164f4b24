"""The sentences about cells that did not run to their end, in Korean, for the student; `korean.fill` fills them."""

from __future__ import annotations

__all__ = ["ENDINGS", "ERROR", "REBUILT", "SPENT", "STOPPED", "TRUNCATED"]

ENDINGS = {
    ("timeout", "cpu"): (
        "cell-timeout",
        "{0}{0:이/가} 셀 하나에 주어진 계산 시간 {1:g}초를 모두 써서 중단했습니다. "
        "끝나지 않거나 지나치게 오래 걸리는 계산이 있는지 확인해 보세요.",
    ),
    ("timeout", "asleep"): (
        "cell-timeout",
        "{0}{0:이/가} {2:g}초 동안 기다리기만 하고 끝나지 않아 중단했습니다. "
        "sleep이나 락, 큐를 기다리는 곳이 있는지 확인해 보세요.",
    ),
    ("died", ""): (
        "cell-died",
        "{0}{0:을/를} 실행하는 중 파이썬이 종료되었습니다. exit()나 os._exit()를 부르는 곳이 있는지 확인해 보세요.",
    ),
    ("files", ""): (
        "cell-files",
        "{0}{0:을/를} 실행하는 중 만든 파일이 너무 많거나 커서 중단했습니다. "
        "필요 이상으로 많거나 큰 파일을 만들지 않는지 확인해 보세요.",
    ),
    ("memory", ""): (
        "cell-memory",
        "{0}{0:을/를} 실행하는 중 메모리 한도를 넘었습니다. "
        "필요 이상으로 큰 텐서나 리스트를 만들지 않는지 확인해 보세요.",
    ),
}
ERROR = "{0}{0:을/를} 실행할 때{1} {2} 예외가 발생했습니다. 이 셀에 기대는 문항은 채점되지 않을 수 있습니다."
TRUNCATED = "{0}의 출력이 너무 길어 뒷부분을 버렸습니다. 점수에는 영향이 없습니다."
SPENT = {
    "answers": "답안 셀들에 주어진 계산 시간 {0:g}초를 모두 써서 남은 답안 셀을 실행하지 못했습니다.",
    "others": (
        "답안이 아닌 셀들(실험, 점검, 직접 만든 셀)에 주어진 계산 시간 {0:g}초를 모두 써서 그런 셀의 나머지를 "
        "실행하지 못했습니다. 답안 셀과 채점은 시간을 따로 받습니다."
    ),
}
STOPPED = "실행을 끝내지 못하는 셀이 여러 개여서 남은 셀을 실행하지 못했습니다. 먼저 안내한 셀을 고쳐 보세요."
REBUILT = {
    "memory": "메모리 한도를 넘어",
    "signal": "비정상적으로",
    "cpu": "계산 시간 한도를 넘어",
    "scratch": "임시 파일의 한도를 넘어",
    "silent": "응답하지 않아",
}
