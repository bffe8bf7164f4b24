"""Tests of intake; `sample` holds the small assignment they share, `recipes` the inputs that are made in code."""
