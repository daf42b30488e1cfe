@echo off
rem Starts Colleague Search with Java 21 or later, from JAVA_HOME, from PATH or from the usual folders. JAVA_OPTS adds
rem options for Java. If the current folder has no application.yml, the folder of the archive is the working folder.
setlocal
for %%i in ("%~dp0..") do set "APP=%%~fi"
if not exist application.yml cd /d "%APP%"
set "JAVA="
if defined JAVA_HOME call :try "%JAVA_HOME%\bin\java.exe"
if not defined JAVA for /f "delims=" %%i in ('where java 2^>nul') do call :try "%%i"
if not defined JAVA for /d %%i in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*") do call :try "%%i\bin\java.exe"
if not defined JAVA (
    echo cannot start: no Java 21 or later found; install a JDK, or set JAVA_HOME to its folder 1>&2
    exit /b 2
)
set "COMMAND=serve"
for %%i in (serve once retry-errors check test dry-run make-key remove-indexer generate-completion help version) do call :named %%i %*
set "OPTIONS="
if not %COMMAND%==serve if not %COMMAND%==once if not %COMMAND%==retry-errors set "OPTIONS=-XX:TieredStopAtLevel=1"
rem The class archive of the command (AppCDS). Java writes it when the command first ends.
if not exist "%APP%\cache" mkdir "%APP%\cache" 2>nul
"%JAVA%" %OPTIONS% -Xlog:disable -Xlog:all=error:stderr -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%APP%\cache\%COMMAND%.jsa" %JAVA_OPTS% -jar "%APP%\colleague-search.jar" %*
exit /b %ERRORLEVEL%

:try
if defined JAVA exit /b
if not exist %1 exit /b
rem Java prints, for example: openjdk version "21.0.1" 2023-10-17
for /f "tokens=2,3" %%u in ('call "%~1" -version 2^>^&1') do if "%%u"=="version" for /f "delims=.-+ " %%m in ("%%~v") do if %%m GEQ 21 set "JAVA=%~1"
exit /b

:named
set "NAME=%~1"
:next
shift
if "%~1"=="" exit /b
if "%~1"=="%NAME%" set "COMMAND=%NAME%"
if "%~1"=="--%NAME%" set "COMMAND=%NAME%"
goto next
