# row: 30
# about: leaves four spinning threads behind
# without: fresh

# %% after
import threading

def spin():
    while True:
        pass

for _ in range(4):
    threading.Thread(target=spin, daemon=True).start()
