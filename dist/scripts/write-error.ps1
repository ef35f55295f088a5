# Runs when a worker for one task exits: writes a report of the error that ended the task to a file; nothing if it was not an error of PowerShell. The pool
# reads the file only if the exit code is 1, which such an error causes. Windows PowerShell 5.1 reads this file too.
[System.Diagnostics.DebuggerHidden()]
param([string] $ReportFile)

try {
    $PSDefaultParameterValues = @{}
    . "$PSScriptRoot/error-report.ps1"
    # The uncaught error, which the console host keeps. Names as of PowerShell 7.6, ConsoleHost.cs; without them there is no report.
    $nonPublic = [System.Reflection.BindingFlags] 'Instance, NonPublic'
    $consoleHost = $Host.GetType().GetProperty('ExternalHost', $nonPublic).GetValue($Host)
    $failure = $consoleHost.GetType().GetField('_lastRunspaceInitializationException', $nonPublic).GetValue($consoleHost)
    # Otherwise the exit code of the last program decides, if one ran.
    $last = $ExecutionContext.SessionState.PSVariable.GetValue('global:LASTEXITCODE')
    if (-not $failure -and ($last -isnot [int] -or $last -eq 0)) { $failure = Get-RefusedScript $global:Error }
    if ($failure) { [System.IO.File]::WriteAllText($ReportFile, (Get-ErrorReport $failure)) }
}
catch { }
