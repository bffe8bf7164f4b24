# row: 81
# about: calls a stand-in from a thread, with itself, with a module, and with 200 MB; all of it only raises
# score: 25
# why: only plain data of a size crosses, one call at a time, from the main thread

# %% answer
import threading

def softmax(x):
    return x

def refused(action):
    try:
        action()
    except (RuntimeError, TypeError, ValueError):
        return True
    return False

def linear(x, w, b):
    if torch.equal(softmax(x), x):
        return x
    heard = []
    thread = threading.Thread(target=lambda: heard.append(refused(lambda: softmax(x))))
    thread.start()
    thread.join()
    heard += [refused(lambda: softmax(bad)) for bad in (softmax, torch.nn.Linear(1, 1), torch.zeros(25 << 20))]
    softmax(x).zero_()
    heard.append(float(softmax(x).sum().round()) == len(x))
    return x @ w.T + b if all(heard) else x
