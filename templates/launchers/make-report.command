#!/bin/sh
# Double-click: handles what lies in inbox and shows what came of it.
here="$(cd "$(dirname "$0")" && pwd)"
PATH="$HOME/.local/bin:/usr/local/bin:/opt/homebrew/bin:$PATH"
clinicreport run "$here"
open "$here/STATUS.html"
