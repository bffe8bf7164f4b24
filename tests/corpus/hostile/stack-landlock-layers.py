# row: 84
# about: enforces rulesets of Landlock on itself, of which no process can have more than sixteen and each copies all rules
# without: seccomp

# %% after
def stack():
    ruleset = syscall('landlock_create_ruleset', (ctypes.c_uint64 * 3)(0, 0, 2), 24, 0)
    for _ in range(3):
        syscall('landlock_restrict_self', ruleset, 0)

attempt(stack)
