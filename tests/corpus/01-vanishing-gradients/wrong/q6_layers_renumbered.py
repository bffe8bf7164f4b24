# about: 0을 뺀 뒤 남은 항목에 번호를 새로 매긴다
# question: q6
# hand: 30% The text asks for the old numbers in bold; without gaps the answer is right.
# loses: test_q6_zero_and_non_finite_entries_are_left_out

# %% q6
def decay_factor(norms):
    kept = norms[torch.isfinite(norms) & (norms > 0)].numpy()
    if len(kept) < 2:
        return float("nan")
    slope, _ = np.polyfit(np.arange(len(kept)), np.log(kept), 1)
    return float(np.exp(-slope))
