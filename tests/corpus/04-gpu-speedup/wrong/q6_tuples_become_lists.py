# about: tuple을 list로 바꾸어 돌려준다
# question: q6
# hand: 25% The text forbids to change the kind of container.
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_containers_and_other_values_stay

# %% q6
def to_device(obj, device):
    if isinstance(obj, torch.Tensor):
        return obj.to(device)
    if isinstance(obj, dict):
        return {k: to_device(v, device) for k, v in obj.items()}
    if isinstance(obj, (list, tuple)):
        return [to_device(v, device) for v in obj]
    return obj


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
