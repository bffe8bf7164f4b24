# row: 32
# about: starts worker processes

# %% after
import multiprocessing

attempt(lambda: multiprocessing.get_context('fork').Pool(2))
