# Nap cac khoa MO PHONG vao mot token SoftHSM - Imports the DEMONSTRATION keys into a SoftHSM token.
# Needs SoftHSM2 for Windows (softhsm2-util.exe) and OpenSC (pkcs11-tool.exe) on the PATH.
param(
    [string] $Label = "govgateway-demo",
    [string] $Pin = "1234",
    [string] $SoPin = "12345678",
    [string] $Module = "C:\SoftHSM2\lib\softhsm2-x64.dll"
)
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot

function Assert-Success($Program) {
    if ($LASTEXITCODE -ne 0) { throw "$Program failed with code $LASTEXITCODE" }
}

if (-not (Test-Path $Module)) { throw "$Module was not found; name it with -Module" }
if (softhsm2-util --module $Module --show-slots | Select-String "Label:\s+$([regex]::Escape($Label))\s*$") {
    throw "There is a token $Label already: softhsm2-util --delete-token --token $Label"
}

softhsm2-util --module $Module --init-token --free --label $Label --so-pin $SoPin --pin $Pin
Assert-Success softhsm2-util
foreach ($line in Get-Content softhsm/objects.txt) {
    $id, $name = $line -split " "
    softhsm2-util --module $Module --import "softhsm/$name.key.pem" --file-pin demo `
        --token $Label --pin $Pin --label $name --id $id
    Assert-Success softhsm2-util
    pkcs11-tool --module $Module --token-label $Label --login --pin $Pin `
        --write-object "softhsm/$name.cer" --type cert --label $name --id $id
    Assert-Success pkcs11-tool
}
Write-Output "Token: $Label   PIN: $Pin   PKCS#11: $Module"
