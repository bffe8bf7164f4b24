# about: 모듈을 하나씩 돌며 본 것의 id를 적어 둔다
# question: q3

# %% q3
def trainable_params(model):
    seen, params, count = set(), [], 0
    for module in model.modules():
        for _, p in module.named_parameters(recurse=False):
            if p.requires_grad and id(p) not in seen:
                seen.add(id(p))
                params.append(p)
                count += math.prod(p.shape)
    return params, count


import math
