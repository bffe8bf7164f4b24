# about: torch.cdist를 제곱한다
# question: q7

# %% q7
def pairwise_sq_dists(X, Y):
    return torch.cdist(X, Y, compute_mode="donot_use_mm_for_euclid_dist").square()
