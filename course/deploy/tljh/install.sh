#!/usr/bin/env bash
# Installs a course on a machine that runs The Littlest JupyterHub. Run as root in the kit's folder, again after every
# update of the kit, and once for each further course:
#   sudo bash course/deploy/tljh/install.sh COURSE_ID [--dry-run]
#   sudo bash course/deploy/tljh/install.sh uninstall COURSE_ID [--dry-run]
# All of it is in install.py beside this file, which says what goes where.
set -euo pipefail
exec python3 "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/install.py" "$@"
