# ruff: noqa
# targets stay behind
# question: q6
# says: 입력만 옮겼습니다


def train_step(model, batch, loss_fn, optimizer, device):
    optimizer.zero_grad()
    loss = loss_fn(model(reference(batch[0], device)), batch[1])
    loss.backward()
    optimizer.step()
    return loss.detach()
