"""Students: the exchange, and the name that JupyterHub knows (all have the same unix user)."""

import contextlib
import os

c = get_config()  # noqa: F821
c.Exchange.root = os.environ["AUTOGRADER_HUB_EXCHANGE"]
c.CourseDirectory.course_id = os.environ["AUTOGRADER_HUB_COURSE"]
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
with contextlib.suppress(ImportError):
    import course.submit  # noqa: F401 - without the students' package Submit stays nbgrader's own

    c.ExchangeFactory.submit = "course.submit.Submit"
