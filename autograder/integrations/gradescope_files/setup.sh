#!/usr/bin/env bash
# Builds the container's image, once, as root: a Python of its own, the pinned packages, the grader.
# Settings: AUTOGRADER_PYTHON (an interpreter to use), AUTOGRADER_VENV (where to install),
# AUTOGRADER_TORCH_INDEX (where torch's CPU build is; empty for pip's own index).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${AUTOGRADER_VENV:-/opt/autograder}
index=${AUTOGRADER_TORCH_INDEX-https://download.pytorch.org/whl/cpu}

usable() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  local name
  for name in ${AUTOGRADER_PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if usable "$name"; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

if ! python=$(find_python); then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  for version in 3.13 3.12 3.11; do
    apt-get install -y --no-install-recommends "python$version" "python$version-venv" && break
  done
  python=$(find_python) || {
    echo "Python 3.11 or newer is needed: choose a base image of Ubuntu 22.04 or newer" >&2
    exit 1
  }
fi

"$python" -m venv "$venv"
pip=("$venv/bin/python" -m pip install --no-cache-dir --disable-pip-version-check)
"${pip[@]}" --no-deps ${index:+--index-url "$index"} -r "$here/torch.txt"
"${pip[@]}" -r "$here/requirements.txt"
"${pip[@]}" --no-deps --force-reinstall "$here"/*.whl
"$venv/bin/python" -m compileall -q "$venv" >/dev/null || true
chmod -R a+rX "$venv"
# Tests, solutions and the secret: for root only, whatever user student code gets.
chmod -R go-rwx "$here"
# Shown in the build's log: whether this machine lets student code be confined.
"$venv/bin/python" -I -m autograder doctor || true
