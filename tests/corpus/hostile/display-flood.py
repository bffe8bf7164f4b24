# row: 36
# about: shows 3,000 pieces of HTML

# %% after
from IPython.display import HTML, display
for number in range(3000):
    display(HTML('<b>' + 'x' * 1000 + '</b>'))
