"""Confinement: what a sandbox may do, as data, and what applies it to a process; knows nothing of requests."""
