# Removes Drydock and what its installation registered, without questions. Workspaces and settings of people stay.
param([switch]$ForMe)
$ErrorActionPreference = 'Stop'
$target = Split-Path -Parent $MyInvocation.MyCommand.Path
$root = if ($ForMe) { 'HKCU:' } else { 'HKLM:' }
$scope = if ($ForMe) { 'User' } else { 'Machine' }
if (-not (Test-Path (Join-Path $target 'drydock-app.exe'))) { Write-Error "$target holds no Drydock. Start the uninstall.ps1 of the installation." }

Get-Process -Name 'drydock-app' -ErrorAction SilentlyContinue | Where-Object { $_.Path -like "$target\*" } | Stop-Process -Force
foreach ($key in '.drydock', 'Drydock.Bundle', '.drydock-update', 'Drydock.Update') {
  $path = "$root\Software\Classes\$key"
  if (Test-Path $path) { Remove-Item -Recurse -Force $path }
}
$bin = Join-Path $target 'bin'
$kept = ([Environment]::GetEnvironmentVariable('Path', $scope) -split ';') | Where-Object { $_ -ne '' -and $_ -ne $bin }
[Environment]::SetEnvironmentVariable('Path', ($kept -join ';'), $scope)
$link = Join-Path ([Environment]::GetFolderPath($(if ($ForMe) { 'Programs' } else { 'CommonPrograms' }))) 'Drydock.lnk'
if (Test-Path $link) { Remove-Item -Force $link }
$entry = "$root\Software\Microsoft\Windows\CurrentVersion\Uninstall\Drydock"
if (Test-Path $entry) { Remove-Item -Recurse -Force $entry }
Set-Location ([IO.Path]::GetTempPath())
Remove-Item -Recurse -Force $target
Write-Output 'Drydock is removed. Workspaces and settings of people stay where they are.'
