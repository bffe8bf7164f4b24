# about: to_device가 텐서를 옮기지 않지만, 그것을 쓰는 train_step에서는 다시 점수를 잃지 않는다
# loses: test_q6_a_container_as_a_whole
# loses: test_q6_tensors_are_moved_however_deep_they_lie

# %% q6
def to_device(obj, device):
    return obj


def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()
