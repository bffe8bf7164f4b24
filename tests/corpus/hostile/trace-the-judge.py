# row: 6
# about: attaches to the judge as a debugger
# without: landlock uid_drop seccomp

# %% after
attempt(lambda: syscall('ptrace', 0x4206, JUDGE_PID, 0, 0))
