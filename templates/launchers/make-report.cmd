@echo off
rem Double-click: handles what lies in inbox, and shows STATUS.html where there is something to see.
rem The program moved? Delete this file and run: clinicreport init FOLDER
chcp 65001 >nul
setlocal
set "PYTHONUTF8=1"
set "PYTHONSAFEPATH=1"
"PYTHON" -m clinicreport run "%~dp0." --show
pause
