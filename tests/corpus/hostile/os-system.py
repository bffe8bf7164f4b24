# row: 48
# about: runs a program by os.system and subprocess
# without: landlock seccomp

# %% after
import subprocess

attempt(lambda: subprocess.run(['/bin/echo', 'x']).returncode)
if os.system('true') == 0:
    print('ACHIEVED')
