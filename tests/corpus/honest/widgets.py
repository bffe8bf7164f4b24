# assignment: 01-vanishing-gradients
# about: ipywidgets의 슬라이더와 진행 막대를 쓰는 학생.
# expect: 100

# %% drop experiments

# %% before q6
from ipywidgets import IntProgress, interact

# %% after q6
from IPython.display import clear_output, display

bar = IntProgress(max=3)
display(bar)
for step in range(3):
    bar.value += 1
    clear_output(wait=True)


@interact(depth=(1, 5))
def show(depth=2):
    print(decay_factor([0.5**layer for layer in range(depth)]))
