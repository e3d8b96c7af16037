# Every value comes by an environment variable: nothing is put into this text, so nothing has to be quoted.
$ErrorActionPreference = 'Stop'
$shell = New-Object -ComObject WScript.Shell
function Get-LinkPath($place, $name) { Join-Path $shell.SpecialFolders.Item($place) ($name + '.lnk') }
foreach ($place in 'Desktop', 'SendTo') {
    if (Test-Path -LiteralPath (Get-LinkPath $place $env:CLINICREPORT_LINK_NAME)) { exit 5 }
}
function Add-Link($place, $name, $target, $arguments, $style) {
    $path = Get-LinkPath $place $name
    $passing = Join-Path $env:TEMP ([guid]::NewGuid().ToString('N') + '.lnk')
    $link = $shell.CreateShortcut($passing)
    $link.TargetPath = $target
    $link.Arguments = $arguments
    $link.WorkingDirectory = $env:CLINICREPORT_LINK_PLACE
    $link.WindowStyle = $style
    $link.Save()
    $read = $shell.CreateShortcut($passing)
    if ($read.TargetPath -ne $target -or $read.Arguments -ne $arguments) {
        Remove-Item -LiteralPath $passing
        exit 6
    }
    Move-Item -LiteralPath $passing -Destination $path
}
Add-Link 'Desktop' $env:CLINICREPORT_LINK_NAME $env:CLINICREPORT_LINK_DESK $env:CLINICREPORT_LINK_DESK_WORDS 7
if ($env:CLINICREPORT_LINK_DROPPED) {
    Add-Link 'SendTo' $env:CLINICREPORT_LINK_NAME $env:CLINICREPORT_LINK_DROPPED $env:CLINICREPORT_LINK_DROPPED_WORDS 1
}
