# At the end of a worker for one task: writes what the task has failed by to a file, and nothing where that was no error of PowerShell. The pool looks
# at the file only if the exit code is 1, which is that of such an error. Windows PowerShell 5.1 reads this file too.
[System.Diagnostics.DebuggerHidden()]
param([string] $ReportFile)

try {
    $PSDefaultParameterValues = @{}
    . "$PSScriptRoot/error-report.ps1"
    # The error that nothing has caught, which the console host keeps. Names as of PowerShell 7.6, ConsoleHost.cs; without them there is no report.
    $nonPublic = [System.Reflection.BindingFlags] 'Instance, NonPublic'
    $consoleHost = $Host.GetType().GetProperty('ExternalHost', $nonPublic).GetValue($Host)
    $failure = $consoleHost.GetType().GetField('_lastRunspaceInitializationException', $nonPublic).GetValue($consoleHost)
    # Otherwise the code of the last program decides, if there is one.
    $last = $ExecutionContext.SessionState.PSVariable.GetValue('global:LASTEXITCODE')
    if (-not $failure -and ($last -isnot [int] -or $last -eq 0)) { $failure = Get-RefusedScript $global:Error }
    if ($failure) { [System.IO.File]::WriteAllText($ReportFile, (Get-ErrorReport $failure)) }
}
catch { }
