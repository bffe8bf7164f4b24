"""Where text leaves the grader for people: terminals, logs and spreadsheets.

What is written may hold a student's bytes: a name, a message, a path, an exception's text. So nothing else in the
package writes there by itself; `tests/test_sinks.py` finds every call that would, and what may reach each of these.

- `echo`: lines on standard output and standard error, JSON, the traceback of a program that ends.
- `console`: rich consoles for the command line.
- `log`: loggers, the handler of a process of ours, and what cleans the loggers of nbgrader.
- `sheet`: CSV for spreadsheets.

Each cleans with `autograder.plain`, whatever it is given.
"""
