"""Scripts that made the weights in course/weights; run by staff, imported by nobody's notebook."""
