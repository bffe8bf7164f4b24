# row: 49
# about: leaves files for the next submission, and looks for those of others
# without: landlock

# %% after
open("for-the-next", "w").write("ACHIEVED")
attempt(lambda: [name for name in os.listdir("..")])
