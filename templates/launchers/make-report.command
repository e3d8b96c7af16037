#!/bin/sh
# Double-click: handles what lies in inbox, and shows STATUS.html where there is something to see.
# Called with logs: the report of each, beside it.
# The program moved? Delete this file and run: clinicreport init FOLDER
here="$(cd "$(dirname "$0")" && pwd)"
exec {program} dropped "$here" "$@"
