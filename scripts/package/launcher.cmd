@echo off
rem The command line of this installation; it may be called from anywhere.
setlocal
for %%I in ("%~dp0..") do set "DRYDOCK_PROGRAM_DIR=%%~fI"
set "DRYDOCK_COMMAND=%~f0"
set "NODE_OPTIONS="
set "NODE_PATH="
"%DRYDOCK_PROGRAM_DIR%\resources\node\node.exe" "%DRYDOCK_PROGRAM_DIR%\resources\app.asar.unpacked\out\main\cli.js" %*
exit /b %ERRORLEVEL%
