# about: 수까지 텐서로 바꾼다
# question: q6
# hand: 20% Values that are no tensors are to stay as they are.
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_containers_and_other_values_stay

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
