"""Where records leave to and assignments come from: nbgrader's gradebook, the release of notebooks."""
