# about: 마지막 네 문제를 풀지 못했고, 문제 2에 오개념이 하나 있는 학생 (받은 state 딕셔너리에 새 속도를 써 넣는다)
# expect: 40

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    state["v"] = beta * state.get("v", 0) + g
    return p - lr * state["v"], state

# %% after q2
%matplotlib inline
import sys
print(sys.version_info.major)

# %% blank q7

# %% blank q8

# %% blank q9

# %% blank q10
