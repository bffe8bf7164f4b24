# about: torch가 안에서 쓰는 함수에 빈 텐서를 넘긴다
# question: q1

# %% q1
def fans(shape):
    return nn.init._calculate_fan_in_and_fan_out(torch.empty(tuple(shape), device="meta"))
