# about: 각 층의 출력에 0인 텐서를 더하는 훅을 달고 그 0으로 미분한다
# question: q4

# %% q4
import contextlib
import copy


@contextlib.contextmanager
def outputs_shifted_by_zero(model):
    zeros, weights = [], []

    def add_zero(module, args, output):
        zeros.append(torch.zeros_like(output, requires_grad=True))
        weights.append(module.weight)
        return output + zeros[-1]

    handles = [m.register_forward_hook(add_zero) for m in model.modules() if type(m) is nn.Linear]
    yield zeros, weights
    for handle in handles:
        handle.remove()


def grad_norms(model, x, y):
    twin = copy.deepcopy(model)
    with outputs_shifted_by_zero(twin) as (zeros, weights):
        loss = nn.CrossEntropyLoss()(twin(x), y)
    L = len(zeros)
    every = torch.autograd.grad(loss, zeros + weights)
    sizes = torch.tensor([torch.linalg.vector_norm(g).item() for g in every])
    return dict(delta=sizes[:L], weight=sizes[L:])
