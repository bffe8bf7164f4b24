# assignment: 01-vanishing-gradients
# about: tqdm으로 진행 막대를 그리며 답하는 학생.
# expect: 100

# %% drop experiments

# %% before q1
from tqdm.auto import tqdm, trange
from tqdm.notebook import tqdm as notebook_tqdm

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    bound = 1.0
    bar = tqdm(Ws, desc="층", leave=False)
    for W in bar:
        bound *= gamma * torch.linalg.matrix_norm(W, ord=2).item()
        bar.set_postfix(bound=bound)
    with notebook_tqdm(total=len(Ws)) as other:
        other.update(1)
    return bound

# %% after q5
for step in trange(3):
    tqdm.write(f"{step}")
