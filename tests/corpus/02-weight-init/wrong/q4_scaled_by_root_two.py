# about: ReLU의 gain √2를 곱한다
# question: q4
# hand: 45% orthogonal, but of the wrong length for each input, with the gain that the text rules out
# loses: test_q4_lengths_are_one

# %% q4
def orthogonal_(w, gen):
    return nn.init.orthogonal_(w, gain=math.sqrt(2), generator=gen)
