# row: 32
# about: starts a worker process of its own, past the threads that stand for pools
# without: seccomp

# %% after
from multiprocessing import popen_fork, process

attempt(lambda: popen_fork.Popen(process.BaseProcess(target=print)).wait())
