# about: 이웃한 노름의 비율을 산술 평균한다
# question: q6
# hand: 50% The text asks for least squares; filter and sign are right and exact decay is read rightly.
# loses: test_q6_factor_of_measured_norms
# loses: test_q6_noisy_norms_give_the_least_squares_slope

# %% q6
def decay_factor(norms):
    layer = [l for l in range(len(norms)) if math.isfinite(norms[l]) and norms[l] > 0]
    if len(layer) < 2:
        return float("nan")
    ratios = [float(norms[i] / norms[j]) ** (1 / (j - i)) for i, j in zip(layer, layer[1:])]
    return sum(ratios) / len(ratios)
