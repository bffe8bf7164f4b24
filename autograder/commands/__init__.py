"""The commands, in modules by what they are about; `autograder.cli` puts them together.

Each parses, calls and prints; none has logic of its own. What is called is imported inside, so that `--help` is
quick.
"""
