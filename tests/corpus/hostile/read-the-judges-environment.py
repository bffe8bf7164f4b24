# row: 5
# about: reads the judge's environment
# without: landlock uid_drop

# %% after
attempt(lambda: open(f'/proc/{JUDGE_PID}/environ', 'rb').read(1))
