# row: 84
# about: adds rules to rulesets of Landlock without end, which take the kernel's memory
# without: seccomp

# %% after
def fill():
    ruleset = syscall('landlock_create_ruleset', (ctypes.c_uint64 * 1)(1 << 2), 8, 0)
    folder = os.open('.', os.O_PATH)
    rule = (ctypes.c_char * 12).from_buffer_copy((1 << 2).to_bytes(8, 'little') + folder.to_bytes(4, 'little'))
    for _ in range(1000):
        syscall('landlock_add_rule', ruleset, 1, rule, 0)

attempt(fill)
