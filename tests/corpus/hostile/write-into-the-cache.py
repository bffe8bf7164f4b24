# row: 44
# about: plants bytecode and start-up files
# without: landlock uid_drop

# %% after
import importlib.util, pathlib

def plant():
    made = []
    for path in (importlib.util.cache_from_source(os.__file__), str(pathlib.Path(torch.__file__).parent / "planted.pth"), "/etc/ipython/startup.py"):
        try:
            open(path, "ab").close()
            made.append(path)
        except OSError:
            pass
    return made or 1 / 0

attempt(plant)
