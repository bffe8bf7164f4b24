# about: dict 안의 텐서를 옮기지 않는다
# question: q6
# hand: 30% One of the three kinds of container is not opened.
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_tensors_are_moved_however_deep_they_lie

# %% q6
def to_device(obj, device):
    if isinstance(obj, torch.Tensor):
        return obj.to(device)
    if isinstance(obj, (list, tuple)):
        return type(obj)(to_device(v, device) for v in obj)
    return obj


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
