# about: 문제 4의 셀에 문법 오류가 있는 학생
# expect: 84

# %% drop experiments

# %% q4
def grad_norms(model, x, y)
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    return {"weight": torch.stack([m.weight.grad.norm() for m in linears])}

# %% reflection
# 출력에서 입력으로 갈수록 델타의 노름이 작아졌습니다. 시그모이드에서 한 층마다 약 1/4이 되는 것이 원인입니다.
