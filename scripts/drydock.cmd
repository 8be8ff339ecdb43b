@echo off
rem The command line of this checkout; see scripts/drydock.
setlocal
set "DRYDOCK_COMMAND=%~f0"
if not exist "%~dp0..\out\main\cli.js" (
  echo drydock: the program is not built yet. Run "npm ci" and "npm run build" in "%~dp0.." once. 1>&2
  exit /b 3
)
node "%~dp0..\out\main\cli.js" %*
exit /b %ERRORLEVEL%
