"""The wire: how values cross between judge and sandbox, and the checks of everything that comes back."""
