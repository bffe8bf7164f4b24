# about: 받은 dict와 list에 옮긴 텐서를 써 넣는다
# question: q6
# hand: 25% All is moved rightly; the text forbids to change the container.
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_the_container_handed_in_is_not_changed

# %% q6
def to_device(obj, device):
    if isinstance(obj, torch.Tensor):
        return obj.to(device)
    if isinstance(obj, dict):
        for key in obj:
            obj[key] = to_device(obj[key], device)
    if isinstance(obj, list):
        for i in range(len(obj)):
            obj[i] = to_device(obj[i], device)
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
