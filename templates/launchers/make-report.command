#!/bin/sh
# Double-click: handles what lies in inbox, and shows STATUS.html where there is something to see.
# The program moved? Delete this file and run: clinicreport init FOLDER
here="$(cd "$(dirname "$0")" && pwd)"
export PYTHONSAFEPATH=1
"PYTHON" -m clinicreport run "$here" --show
