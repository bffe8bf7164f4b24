# about: delta와 층의 입력에서 가중치의 기울기를 손으로 곱해 얻는다
# question: q4

# %% q4
import copy


def grad_norms(model, x, y):
    work = copy.deepcopy(model)
    pairs = []

    class Recorder:
        def __call__(self, module, inputs, output):
            pairs.append((inputs[0].clone(), output))
            return output.clone()

    for part in work.modules():
        if isinstance(part, nn.Linear):
            part.register_forward_hook(Recorder())
    logits = work(x)
    loss = -torch.log_softmax(logits, 1).gather(1, y.view(-1, 1)).mean()
    deltas = torch.autograd.grad(loss, [o for _, o in pairs])
    weights = [d.T @ h for d, (h, _) in zip(deltas, pairs)]
    return {
        "delta": torch.stack([torch.linalg.matrix_norm(d) for d in deltas]),
        "weight": torch.stack([torch.linalg.matrix_norm(w) for w in weights]),
    }
