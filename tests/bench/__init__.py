"""Figures of cost, start-up and memory, ours beside the peers', from the same notebook and tests in one run."""
