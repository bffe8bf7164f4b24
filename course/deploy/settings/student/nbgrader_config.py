"""nbgrader in students' servers: the exchange, the courses that the student is in, and the hub's name of the student.

The name is a convenience only. Where students have unix users of their own, whoever writes another name is found out by
the owner of what they hand in. In several courses at once the assignment list asks which one, and shows these only.
"""

import os

from nbgrader.auth import BaseAuthPlugin

c = get_config()  # noqa: F821
_courses = os.environ.get("AUTOGRADER_COURSES", "").split()


class OwnCourses(BaseAuthPlugin):
    """A student sees, fetches and submits in the courses that the hub named when it started the server."""

    def get_student_courses(self, student_id):
        """Return the ids of these courses."""
        return list(_courses)

    def add_student_to_course(self, student_id, course_id):
        """Do nothing: the hub's groups say who is in a course."""

    def remove_student_from_course(self, student_id, course_id):
        """Do nothing."""


c.Exchange.root = os.environ["AUTOGRADER_EXCHANGE"]
c.CourseDirectory.course_id = _courses[0] if len(_courses) == 1 else ""
c.Authenticator.plugin_class = OwnCourses
# Two courses may have assignments of one name: ~/COURSE/ASSIGNMENT where the hub says so, else ~/ASSIGNMENT.
c.Exchange.path_includes_course = os.environ.get("AUTOGRADER_COURSE_FOLDERS") == "on"
if os.environ.get("JUPYTERHUB_USER"):
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
