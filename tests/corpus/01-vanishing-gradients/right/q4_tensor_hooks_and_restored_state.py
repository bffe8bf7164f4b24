# about: 받은 모델에서 직접 재고 .grad와 버퍼를 모두 되돌려 놓는다
# question: q4

# %% q4
def grad_norms(model, x, y):
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    saved_grads = [(p, p.grad) for p in model.parameters()]
    saved_buffers = [(b, b.clone()) for b in model.buffers()]
    delta = torch.zeros(len(linears), dtype=torch.float64)
    handles = []

    def watch(index):
        def hook(module, inputs, output):
            def keep(g):
                delta[index] = (g**2).sum().sqrt()

            output.register_hook(keep)

        return hook

    for i, m in enumerate(linears):
        handles.append(m.register_forward_hook(watch(i)))
    for p, _ in saved_grads:
        p.grad = None
    try:
        nn.functional.cross_entropy(model(x), y).backward()
        weight = torch.stack([m.weight.grad.pow(2).sum().sqrt() for m in linears])
    finally:
        for h in handles:
            h.remove()
        for p, g in saved_grads:
            p.grad = g
        with torch.no_grad():
            for b, old in saved_buffers:
                b.copy_(old)
    return {"weight": weight, "delta": delta}
