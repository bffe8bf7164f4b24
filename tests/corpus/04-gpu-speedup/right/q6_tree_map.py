# about: torch의 tree_map과 새 SGD 문법을 쓴다
# question: q6

# %% q6
from torch.utils._pytree import tree_map


def to_device(obj, device):
    return tree_map(lambda x: x.to(device) if isinstance(x, torch.Tensor) else x, obj)


def train_step(model, batch, loss_fn, optimizer, device):
    x, y = (to_device(part, torch.device(device)) for part in batch)
    model.zero_grad(set_to_none=True)
    with torch.enable_grad():
        loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.data
