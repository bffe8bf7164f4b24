# about: 파라미터를 고친 뒤의 손실을 돌려준다
# question: q6
# hand: 25% One of the two results of the step is wrong for every input; the text says before in bold.
# loses: test_q6_a_step_goes_down_the_gradient
# loses: test_q6_the_loss_is_that_before_the_step

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
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        return loss_fn(model(inputs), targets)
