# assignment: 01-vanishing-gradients
# about: 한 문항의 답이 메모리 한도를 넘는 학생, 과제의 한도 그대로.
# expect: 90
# loses-question: q5
# may-say: cell-memory
# message: q5: 메모리
# soak: yes

# %% drop experiments

# %% q5
def jacobian_bound(Ws, act):
    kept = []
    while True:
        kept.append(torch.ones(10_000_000))
