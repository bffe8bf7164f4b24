# assignment: 04-gpu-speedup
# about: 한 번에 너무 큰 텐서를 만드는 학생. 모양과 자료형 이야기가 아니라 메모리 이야기를 듣습니다.
# expect: 93
# loses-question: q3
# message: q3: 메모리
# never: 모양

# %% drop experiments

# %% q3
def ridge_point(peak, bandwidth):
    everything = torch.zeros(10**11)
    return peak / bandwidth + everything[0].item()


def roofline(ai, peak, bandwidth):
    table = torch.zeros(10**11)
    return table[0].item() + ai * bandwidth
