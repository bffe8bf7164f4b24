# about: 바깥의 그릇만 열어 보고, 안쪽 그릇은 그대로 둔다
# question: q6
# hand: 35% The nesting that the text asks for is missing from to_device.
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_tensors_are_moved_however_deep_they_lie

# %% q6
def to_device(obj, device):
    def move(v):
        return v.to(device) if isinstance(v, torch.Tensor) else v

    if isinstance(obj, dict):
        return {k: move(v) for k, v in obj.items()}
    if isinstance(obj, (list, tuple)):
        return type(obj)(move(v) for v in obj)
    return move(obj)


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
