@echo off
rem Double-click: handles what lies in inbox, and shows STATUS.html where there is something to see.
rem A log dropped on it: its report, beside the log.
rem The program moved? Delete this file and run: clinicreport init FOLDER
chcp 65001 >nul
setlocal DisableDelayedExpansion
set "PYTHONUTF8=1"
set "HERE=%~dp0."
set "PROGRAM={first}"
setlocal EnableDelayedExpansion
set "CLINICREPORT_DROPPED=!cmdcmdline!"
"!PROGRAM!" {more} dropped "!HERE!"
pause
rem A name with an ampersand goes on behind this file: nothing of it may be run as a command.
exit
