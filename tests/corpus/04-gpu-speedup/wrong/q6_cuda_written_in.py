# about: train_step에 .cuda()를 적어 두었다
# question: q6
# hand: 45% One of two functions fails on every device but one, whatever it is told.
# loses: test_q6_a_step_goes_down_the_gradient
# loses: test_q6_gradients_of_earlier_steps_do_not_mix_in
# loses: test_q6_the_loss_is_that_before_the_step
# loses: test_q6_the_loss_is_a_detached_tensor
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
    inputs, targets = to_device(batch, device)
    targets = targets.cuda()
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
