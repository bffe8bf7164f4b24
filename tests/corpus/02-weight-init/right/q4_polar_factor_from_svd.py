# about: 특잇값 분해의 U와 V를 곱한다
# question: q4

# %% q4
def orthogonal_(w, gen):
    u, _, vh = torch.linalg.svd(torch.randn(w.shape, dtype=w.dtype, generator=gen), full_matrices=False)
    return u @ vh
