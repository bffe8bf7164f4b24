# assignment: 03-optimizers
# about: 첫 문항의 답이 끝나지 않는 학생. 뒤의 문항은 바른 함수를 대신 써서 채점합니다.
# expect: 97
# loses-question: q1
# says: cell-timeout
# message: q1: 주어진 시간
# limits: cell_seconds=1 call_seconds=0.5 question_seconds=1.2
# soak: yes

# %% drop experiments

# %% q1
def sgd(p, g, state, lr=0.01):
    q = p.clone()
    while True:
        q = q - 0 * g
    return p - lr * g, {}
