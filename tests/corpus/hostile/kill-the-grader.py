# row: 40
# about: sends a signal to the grader
# without: landlock uid_drop seccomp

# %% after
attempt(lambda: os.kill(JUDGE_PID, 0) or 'reached')
