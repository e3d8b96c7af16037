@echo off
rem Double-click: handles what lies in inbox and shows what came of it.
setlocal
set "PYTHONUTF8=1"
where clinicreport >nul 2>nul
if errorlevel 1 (py -3 -m clinicreport run "%~dp0.") else (clinicreport run "%~dp0.")
if exist "%~dp0STATUS.html" start "" "%~dp0STATUS.html"
pause
