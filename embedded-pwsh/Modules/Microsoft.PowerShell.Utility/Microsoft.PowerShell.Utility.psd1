@{
    GUID = '1DA87E53-152B-403E-98DC-74D7B4D63D59'
    ModuleVersion = '7.0.0.0'
    CompatiblePSEditions = @('Core')
    NestedModules = 'Microsoft.PowerShell.Commands.Utility.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'ConvertFrom-Json', 'ConvertTo-Json', 'Format-List', 'Format-Table', 'Get-Date', 'Get-EventSubscriber', 'Get-PSBreakpoint',
        'Get-Random', 'Get-Variable', 'Invoke-Expression', 'Measure-Object', 'New-Object', 'Out-File', 'Out-String', 'Read-Host',
        'Remove-PSBreakpoint', 'Select-Object', 'Set-Variable', 'Sort-Object', 'Start-Sleep', 'Unregister-Event', 'Write-Debug',
        'Write-Error', 'Write-Host', 'Write-Information', 'Write-Output', 'Write-Progress', 'Write-Verbose', 'Write-Warning'
    )
}
