# assignment: 01-vanishing-gradients
# about: 설치되어 있지 않은 모듈로 답하는 학생. 그 문항만 잃고, 셀은 무엇이 없는지 말합니다.
# expect: 90
# loses-question: q5
# shows: einops_of_a_student 모듈이 설치되어 있지 않습니다

# %% drop experiments

# %% q5
import einops_of_a_student as einops

def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return float(einops.reduce(torch.stack([gamma * torch.linalg.matrix_norm(W, ord=2) for W in Ws]), "n ->", "prod"))
