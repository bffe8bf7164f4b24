# about: 옮기면서 모두 float32로 바꾼다
# question: q6
# hand: 30% The text forbids to change the dtype, and whole-number targets break with it.
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_values_shapes_and_types_stay

# %% q6
def to_device(obj, device):
    if torch.is_tensor(obj):
        return obj.float().to(device)
    if isinstance(obj, dict):
        return {k: to_device(v, device) for k, v in obj.items()}
    if isinstance(obj, list):
        return [to_device(v, device) for v in obj]
    if isinstance(obj, tuple):
        return tuple(to_device(v, device) for v in obj)
    return obj


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
