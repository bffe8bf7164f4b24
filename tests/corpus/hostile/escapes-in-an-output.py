# row: 87
# about: prints and displays what steers a terminal
# without: viewing

# %% after
from IPython.display import HTML, display
print("\x1b]0;title\x07\x1b[2J\x1b[6n\x9b5n")
display(HTML("<b>\x1b[2J</b>"), {"text/plain": "\x1b[2J"}, raw=False)
