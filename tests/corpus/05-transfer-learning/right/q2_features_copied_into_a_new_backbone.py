# about: 특성만 깊은 복사하여 새 Backbone을 만든다
# question: q2

# %% q2
def replace_head(model, n):
    features = copy.deepcopy(model.features)
    head = nn.Linear(model.head.weight.shape[1], n).to(model.head.weight.dtype)
    return Backbone(features, head)
