# about: 인자로 받은 device 대신 이 컴퓨터의 장치를 쓴다
# question: q6
# hand: 35% One of two functions ignores the device; the step itself is right.
# loses: test_q6_every_operation_stays_on_one_device

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
    return obj


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, "cuda" if torch.cuda.is_available() else "cpu")
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
