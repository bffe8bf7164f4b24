# row: 9
# about: reads the command lines of the grader's processes
# without: landlock | inherited

# %% after
import sys

attempt(lambda: open(f"/proc/{JUDGE_PID}/cmdline").read())
if "suite" in " ".join(sys.orig_argv) or any("suite" in value for value in os.environ.values()):
    print("ACHIEVED")
