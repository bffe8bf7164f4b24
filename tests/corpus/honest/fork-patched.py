# assignment: 04-gpu-speedup
# about: os.fork와 os.waitpid를 다른 함수로 바꿔 둔 학생.
# expect: 100

# %% drop experiments

# %% before q1
def no_fork():
    raise OSError("fork는 쓰지 않습니다")


os.fork = no_fork
os.waitpid = lambda pid, options: (pid, 0)
os.kill = lambda pid, number: None
