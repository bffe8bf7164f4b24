# about: 네 문제에서 흔한 오개념을 하나씩 가진 학생 (덧셈을 k - 1번으로 세어 문제의 약속과 다르다; 언제나 최대 연산 속도를 돌려준다; 수까지 텐서로 바꾼다; 역전파가 순전파의 두 배라는 공식을 모든 층에 쓴다)
# expect: 84.25

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return m * n * (2 * k - 1), itemsize * (m * k + k * n + m * n)

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return torch.full_like(ai, peak)
    return peak

# %% q6
def to_device(obj, device):
    if torch.is_tensor(obj):
        return obj.to(device)
    if isinstance(obj, dict):
        return {k: to_device(v, device) for k, v in obj.items()}
    if isinstance(obj, list):
        return [to_device(v, device) for v in obj]
    if isinstance(obj, tuple):
        return tuple(to_device(v, device) for v in obj)
    return torch.tensor(obj, device=device) if isinstance(obj, (int, float)) else obj


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()

# %% after q3
print("여기까지 다시 읽어 보기")

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers)
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
