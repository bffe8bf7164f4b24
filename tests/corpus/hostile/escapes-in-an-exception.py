# row: 87
# about: raises an exception whose text steers a terminal
# without: viewing

# %% after
raise ValueError("\x1b]0;title\x07\x1b[2J\x1b[31m\x9b5n\r\x08\u202e")
