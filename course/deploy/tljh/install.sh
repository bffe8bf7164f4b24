#!/usr/bin/env bash
# Installs the course on a machine that runs The Littlest JupyterHub. Run as root in the kit's folder, again after
# every update of the kit:   sudo bash course/deploy/tljh/install.sh [COURSE_ID]
# With DESTDIR set nothing is installed: only the folders and files are laid out below it (used by the tests).
set -euo pipefail

course_id=${1:-whydl}
dest=${DESTDIR:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kit=$(cd "$here/../../.." && pwd)
home=/srv/grader
exchange=/srv/nbgrader/exchange
tljh=/opt/tljh

[[ $course_id =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$ ]] || { echo "과목 ID를 쓸 수 없습니다: $course_id" >&2; exit 2; }
if [[ -z $dest ]]; then
  [[ $(id -u) == 0 ]] || { echo "root로 실행하세요." >&2; exit 2; }
  [[ -x $tljh/hub/bin/python ]] || { echo "The Littlest JupyterHub를 찾을 수 없습니다: $tljh" >&2; exit 2; }
  id grader >/dev/null 2>&1 || useradd --system --user-group --home-dir "$home" --shell /usr/sbin/nologin grader
fi
owner() { [[ -n $dest ]] || chown "$@"; }

# 1. The grader's home: programs, hidden suites, solutions, gradebook. Closed to everyone else.
install -d -m 0700 "$dest$home" "$dest$home/jupyter"
install -m 0600 "$here"/staff/*.py "$dest$home/jupyter/"

# 2. The exchange. nbgrader wants everyone to be able to write at its top; sticky, so that nobody replaces another's.
install -d -m 0755 "$dest/srv/nbgrader"
install -d -m 1777 "$dest$exchange"
owner grader:grader "$exchange"

# 3. The hub's drop-in: root's alone, because it is run as root.
install -d -m 0700 "$dest$tljh/config/jupyterhub_config.d"
sed "s/\"AUTOGRADER_COURSE_ID\", \"whydl\"/\"AUTOGRADER_COURSE_ID\", \"$course_id\"/" "$here/autograder_course.py" \
  > "$dest$tljh/config/jupyterhub_config.d/autograder_course.py"
chmod 0600 "$dest$tljh/config/jupyterhub_config.d/autograder_course.py"

# 4. Students' servers: settings that everyone may read, nobody but root may change.
settings=$dest$tljh/user/etc/jupyter
install -d -m 0755 "$settings" "$settings/labconfig" "$settings/jupyter_server_config.d"
install -m 0644 "$here/student/nbgrader_config.py" "$settings/"
install -m 0644 "$here"/student/jupyter_server_config.d/*.json "$settings/jupyter_server_config.d/"
install -m 0644 "$here/student/labconfig/page_config.json" "$settings/labconfig/"

[[ -z $dest ]] || exit 0

# 5. Programs. The grader's JupyterHub is of the hub's own version; students get the students' wheel, not the kit.
version=$("$tljh/hub/bin/python" -c 'import jupyterhub; print(jupyterhub.__version__)')
umask 077
[[ -x $home/venv/bin/python ]] || "$tljh/user/bin/python" -m venv "$home/venv"
grep -v -i '^jupyterhub==' "$kit/constraints.txt" > "$home/constraints.txt"
"$home/venv/bin/python" -m pip install --quiet --constraint "$home/constraints.txt" torch numpy build hatchling
rm -rf "$home/kit" && mkdir "$home/kit"
cp -r "$kit/autograder" "$kit/course" "$kit/solutions" "$kit/pyproject.toml" "$kit/README.md" "$kit/LICENSE" "$home/kit/"
"$home/venv/bin/python" -m pip install --quiet --constraint "$home/constraints.txt" "$home/kit[hub]" "jupyterhub==$version"
wheels=$(mktemp -d)
"$home/venv/bin/python" -m build --no-isolation --wheel --outdir "$wheels" "$home/kit/course"
umask 022
"$tljh/user/bin/python" -m pip install --quiet --constraint "$home/constraints.txt" "$wheels"/whydl_course-*.whl "nbgrader>=0.9.6"
rm -rf "$wheels"

# 6. The course, and whether this machine can confine student code: no grading where it cannot.
umask 077
owner -R grader:grader "$home"
cd "$home"
run() { runuser -u grader -- env HOME="$home" "$@"; }
run "$home/venv/bin/autograder" course init "$home/$course_id" --course-id "$course_id" --exchange "$exchange" \
  --solutions "$home/kit/solutions"
run "$home/venv/bin/autograder" doctor || { echo "이 컴퓨터에서는 학생 코드를 격리할 수 없습니다." >&2; exit 4; }
"$tljh/hub/bin/tljh-config" reload hub
echo "설치했습니다. JupyterHub의 관리 화면에서 조교를 formgrade-$course_id, 학생을 nbgrader-$course_id 그룹에 넣으세요."
