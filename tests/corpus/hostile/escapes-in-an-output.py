# row: 87
# about: prints and displays what steers a terminal
# why: pages hold no control character; a terminal shows them by name (tests/test_terminal.py)

# %% after
from IPython.display import HTML, display
print("\x1b]0;title\x07\x1b[2J\x1b[6n\x9b5n")
display(HTML("<b>\x1b[2J</b>"), {"text/plain": "\x1b[2J"}, raw=False)
