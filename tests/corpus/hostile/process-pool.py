# row: 32
# about: starts worker processes
# why: a pool needs more than a fork: semaphores, pipes, /dev/shm

# %% after
import multiprocessing

attempt(lambda: multiprocessing.get_context('fork').Pool(2))
