# The grader's image. It holds the hidden suites and the solutions: keep it in a registry that students cannot read.
#   docker build -f course/deploy/z2jh/grader.Dockerfile -t course-grader:1 .
FROM python:3.13-slim
RUN useradd --create-home --uid 2000 --gid 100 grader
COPY pyproject.toml README.md LICENSE constraints.txt /opt/kit/
COPY autograder /opt/kit/autograder
COPY course /opt/kit/course
COPY solutions /opt/kit/solutions
RUN grep -v -i '^jupyterhub==' /opt/kit/constraints.txt > /tmp/constraints.txt \
    && pip install --no-cache-dir --constraint /tmp/constraints.txt "/opt/kit[hub]" "jupyterhub>=5.4,<6" \
    && chmod -R go-w /opt/kit
COPY course/deploy/settings/staff/ /usr/local/etc/jupyter/
USER 2000
WORKDIR /home/grader
CMD ["python", "-P", "-m", "autograder.service"]
