#!/bin/sh
# Finds (or, as root on Debian, installs) a Python that Odoo 19 runs on, then hands over to tools/environment.
set -eu
cd "$(dirname "$0")/.."

suits() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1
}

for python in ${PYTHON:-} python3 /usr/bin/python3 python3.11 python3.12; do
    if suits "$python"; then exec "$python" -m tools.environment "$@"; fi
done

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Python 3.11 or 3.12 with the venv module is missing. Ask for: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
echo "Installing Python ..." >&2
apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3 python3-venv >/dev/null
suits /usr/bin/python3 || { echo "This system's python3 is not 3.11 or 3.12; set PYTHON to one that is." >&2; exit 1; }
exec /usr/bin/python3 -m tools.environment "$@"
