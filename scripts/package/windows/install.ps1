# Installs Drydock from this folder, without questions and without a network.
#   powershell -ExecutionPolicy Bypass -File install.ps1              for everybody, into Program Files (as administrator)
#   powershell -ExecutionPolicy Bypass -File install.ps1 -ForMe       for this person alone, without administrator rights
param([switch]$ForMe, [string]$Target)
$ErrorActionPreference = 'Stop'
$source = Split-Path -Parent $MyInvocation.MyCommand.Path
$root = if ($ForMe) { 'HKCU:' } else { 'HKLM:' }
$scope = if ($ForMe) { 'User' } else { 'Machine' }
if (-not $Target) { $Target = Join-Path $(if ($ForMe) { "$env:LOCALAPPDATA\Programs" } else { $env:ProgramFiles }) 'Drydock' }
if (-not $ForMe) {
  $me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
  if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    Write-Error 'Installing for everybody needs administrator rights. Start an elevated PowerShell, or add -ForMe.'
  }
}
$version = (Get-Content -Raw (Join-Path $source 'resources\release\release.json') | ConvertFrom-Json).version

# Complete or not at all: the new folder is copied beside the old one and then takes its place.
$staged = "$Target.new"
if (Test-Path $staged) { Remove-Item -Recurse -Force $staged }
New-Item -ItemType Directory -Force $staged | Out-Null
Get-ChildItem -Force $source | Where-Object { $_.Name -ne 'install.ps1' } | Copy-Item -Recurse -Force -Destination $staged
if (Test-Path $Target) { Remove-Item -Recurse -Force $Target }
Move-Item $staged $Target

$app = Join-Path $Target 'drydock-app.exe'
foreach ($type in @(@('drydock', 'Drydock.Bundle', 'Drydock bundle'), @('drydock-update', 'Drydock.Update', 'Drydock update'))) {
  New-Item -Force "$root\Software\Classes\.$($type[0])" -Value $type[1] | Out-Null
  New-Item -Force "$root\Software\Classes\$($type[1])" -Value $type[2] | Out-Null
  New-Item -Force "$root\Software\Classes\$($type[1])\DefaultIcon" -Value "$app,0" | Out-Null
  New-Item -Force "$root\Software\Classes\$($type[1])\shell\open\command" -Value "`"$app`" `"%1`"" | Out-Null
}

$bin = Join-Path $Target 'bin'
$path = [Environment]::GetEnvironmentVariable('Path', $scope)
if (($path -split ';') -notcontains $bin) { [Environment]::SetEnvironmentVariable('Path', ($path.TrimEnd(';') + ';' + $bin), $scope) }

$menu = [Environment]::GetFolderPath($(if ($ForMe) { 'Programs' } else { 'CommonPrograms' }))
$link = (New-Object -ComObject WScript.Shell).CreateShortcut((Join-Path $menu 'Drydock.lnk'))
$link.TargetPath = $app
$link.Save()

$entry = "$root\Software\Microsoft\Windows\CurrentVersion\Uninstall\Drydock"
$remove = "powershell -ExecutionPolicy Bypass -File `"$Target\uninstall.ps1`"" + $(if ($ForMe) { ' -ForMe' } else { '' })
New-Item -Force $entry | Out-Null
foreach ($value in @{ DisplayName = 'Drydock'; DisplayVersion = $version; Publisher = 'The Drydock authors'; InstallLocation = $Target; DisplayIcon = $app; UninstallString = $remove; QuietUninstallString = $remove }.GetEnumerator()) {
  New-ItemProperty -Force -Path $entry -Name $value.Key -Value $value.Value | Out-Null
}
Write-Output "Drydock $version is installed in $Target."
