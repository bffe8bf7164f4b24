# about: 받은 텐서에 대역폭을 곱해 바꾸어 놓는다
# question: q3
# hand: 25% The values are right; the text forbids to change the tensor.
# loses: test_q3_does_not_change_its_input

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        ai *= bandwidth
        return ai.clamp_(max=peak)
    return min(ai * bandwidth, peak)
