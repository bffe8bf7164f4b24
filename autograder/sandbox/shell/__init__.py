"""The shell: what runs inside a sandbox, as the host of a student's cells and calls."""
