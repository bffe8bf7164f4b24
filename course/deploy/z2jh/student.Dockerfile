# Students' image: JupyterLab, nbgrader's student side and the students' wheel. Of the kit it gets three named things;
# build it in a folder that holds no more than these:
#   make wheel && mkdir -p build/student && cp dist/whydl_course-*.whl build/student/
#   cp -r course/deploy/settings/student build/student/settings
#   docker build -f course/deploy/z2jh/student.Dockerfile -t course-student:1 build/student
FROM python:3.13-slim
RUN useradd --create-home --uid 1000 --gid 100 jovyan
COPY whydl_course-*.whl /tmp/
RUN pip install --no-cache-dir "jupyterhub>=5.4,<6" "jupyterlab>=4.2" "jupyterlab-language-pack-ko-KR>=4.4" \
    "nbgrader>=0.9.6,<0.10" tzdata /tmp/whydl_course-*.whl \
    && rm /tmp/whydl_course-*.whl
COPY settings/ /usr/local/etc/jupyter/
USER 1000
WORKDIR /home/jovyan
CMD ["jupyterhub-singleuser"]
