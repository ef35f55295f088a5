@{
    GUID = 'EEFCB906-B326-4E99-9F54-8B4BB6EF3C6D'
    ModuleVersion = '7.0.0.0'
    CompatiblePSEditions = @('Core')
    NestedModules = 'Microsoft.PowerShell.Commands.Management.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Add-Content', 'Get-ChildItem', 'Get-Content', 'Get-Item', 'Get-Location', 'Get-Process', 'Join-Path', 'New-Item',
        'Pop-Location', 'Push-Location', 'Remove-Item', 'Set-Content', 'Set-Location', 'Split-Path', 'Start-Process', 'Stop-Process',
        'Test-Path'
    )
}
