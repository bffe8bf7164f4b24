# about: match 문으로 나누고, 기울기를 손으로 넣는다
# question: q6

# %% q6
def to_device(obj, device):
    match obj:
        case torch.Tensor():
            return obj.to(device=device, non_blocking=True)
        case dict():
            return dict((key, to_device(value, device)) for key, value in obj.items())
        case list():
            return list(map(lambda value: to_device(value, device), obj))
        case tuple():
            return (*(to_device(value, device) for value in obj),)
        case _:
            return obj


def train_step(model, batch, loss_fn, optimizer, device):
    batch = to_device(batch, device)
    parameters = list(model.parameters())
    loss = loss_fn(model(batch[0]), batch[1])
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
    return loss.detach().clone()
