# row: 36
# about: shows 3,000 pieces of HTML
# why: cut where it is made and where it is read; output-of-a-megabyte is the small form

# %% after
from IPython.display import HTML, display
for number in range(3000):
    display(HTML('<b>' + 'x' * 1000 + '</b>'))
