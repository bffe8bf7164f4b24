# about: 위의 새 셀에 답을 쓰고, 정리 도구가 빈 틀의 모양을 바꾼 학생.
# on: 04/q4 02/q2
# more: 03/q4 01/q1
# expect: all
# may-say: cell-adopted, locked-cell-edited, locked-cell-added

# %% blank {q}

# %% before {q}
{answer}

# %% change {q}
    # 여기에 코드를 작성하세요. => # TODO
""" => '''

# %% as formatter
