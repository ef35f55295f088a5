# Runs one task in the runspace: how it is called, what its exit code is, and how its leftovers are removed.

$noInput = [System.Management.Automation.PSDataCollection[psobject]]::new()
$noInput.Complete()

# The cmdlet itself, because a task may define a function of its name. It is called by its bare name: while a transcript is written (by a task, or for the
# whole system by a policy), PowerShell adds another Out-Default to a pipeline that ends in anything else, and then nothing is shown. Source:
# LocalPipeline.cs.
$outDefault = [System.Management.Automation.CmdletInfo]::new('Out-Default', [Microsoft.PowerShell.Commands.OutDefaultCommand])

# The error that ended the task, if it was an error of PowerShell.
$taskFailure = $null

# Runs a file as `-command ". 'file'"` would, and returns the exit code that PowerShell would have.
function Invoke-InSession([string] $file, [string] $objectsFile) {
    $script:taskFailure = $null
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $text = ". '$($file.Replace("'", "''"))'"
    # Part of the text, as in a process: as a separate command in the pipeline, the function would set `$?` last.
    if ($objectsFile) { $text += " | & (& '$("$PSScriptRoot/objects.ps1".Replace("'", "''"))') '$($objectsFile.Replace("'", "''"))'" }
    $null = $shell.AddScript($text)
    $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
    $null = $shell.AddCommand($outDefault)
    $shell.add_InvocationStateChanged($keepCulture)
    $current.Value = $shell
    try { $null = $shell.EndInvoke($shell.BeginInvoke($noInput, $settings, $null, $null)) } catch { }
    $current.Value = $null
    $succeeded = $runspace.SessionStateProxy.GetVariable('?')
    $reason = $null
    # The exception caught here may be a wrapper; this is the task's own.
    if ($shell.InvocationStateInfo.State -eq 'Failed') { $reason = $shell.InvocationStateInfo.Reason }
    # Stopped by SIGINT: the pool is ending this process.
    if ($shell.InvocationStateInfo.State -eq 'Stopped') { [Environment]::Exit(1) }
    $shell.Dispose()
    if ($reason) {
        $script:taskFailure = $reason
        Show-Error $reason
        return 1
    }
    if ($succeeded) { return 0 }
    $last = $runspace.SessionStateProxy.GetVariable('LASTEXITCODE')
    if ($last -isnot [int] -or $last -eq 0) {
        $script:taskFailure = Get-RefusedScript $runspace.SessionStateProxy.GetVariable('Error')
        return 1
    }
    # On Unix an exit code has eight bits: a code whose low bits are 0 would look like a success.
    if ([Environment]::OSVersion.Platform -ne 'Win32NT') { $last = $last -band 255 }
    if ($last -eq 0) { return 1 }
    $last
}

# The two fields of `done` that describe the error that ended the task; both are empty unless it was an error of PowerShell.
function Get-TaskErrorReport {
    if (-not $taskFailure) { return "`t" }
    # Members of a type that the task defines may throw.
    try { Get-ErrorReport $taskFailure } catch { "`t" }
    $script:taskFailure = $null
}

function Invoke-Task([string] $file) {
    # Must be the last step before the task: output of a new runspace or of setup makes the host keep the writers of that time.
    Reset-HostMemory
    # The pool creates this file for a task that keeps objects.
    $objectsFile = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($file), 'objects')
    if (-not [System.IO.File]::Exists($objectsFile)) { $objectsFile = '' }
    $code = Invoke-InSession $file $objectsFile
    $asked = Get-AskedExitCode
    if ($null -ne $asked) { $code = $asked }
    if ([Environment]::OSVersion.Platform -ne 'Win32NT') { $code = $code -band 255 }
    $code
}

function Show-Error([Exception] $reason) {
    $record = $null
    if ($reason -is [System.Management.Automation.IContainsErrorRecord]) { $record = $reason.ErrorRecord }
    if (-not $record) { $record = [System.Management.Automation.ErrorRecord]::new($reason, $reason.GetType().FullName, 'NotSpecified', $null) }
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddCommand($outDefault)
    try { $null = $shell.Invoke((Get-ShownRecord $record)) } catch { }
    $shell.Dispose()
}

# Runs in its own scope, in which preferences and default parameters of the task do not apply. Commands are qualified, because a task may have defined
# functions with their names. Each Stop-Transcript stops one transcript; the last call fails because none is left.
$tidy = @'
$PSDefaultParameterValues = @{}; $WhatIfPreference = $false; $ConfirmPreference = 'None'; $ErrorActionPreference = 'Stop'
Microsoft.PowerShell.Utility\Get-PSBreakpoint | Microsoft.PowerShell.Utility\Remove-PSBreakpoint
Microsoft.PowerShell.Utility\Get-EventSubscriber -Force | Microsoft.PowerShell.Utility\Unregister-Event -Force
Microsoft.PowerShell.Core\Get-Job | Microsoft.PowerShell.Core\Remove-Job -Force
try { while ($true) { $null = Microsoft.PowerShell.Host\Stop-Transcript } } catch { }
'@
$hasMoreToReset = $false

# Whether there may be leftovers of a task; true if this version of PowerShell cannot tell. Names as of PowerShell 7.6: LocalConnection.cs,
# JobManager.cs. Thread jobs are known only to their module, which registers itself as an adapter.
function Test-Untidy {
    if ($runspace.Events.Subscribers.Count -gt 0 -or $runspace.Events.ReceivedEvents.Count -gt 0) { return $true }
    $debugger = $runspace.Debugger
    if (-not $debugger.GetBreakpoints -or $debugger.GetBreakpoints().Count -gt 0) { return $true }
    try {
        (Get-Hidden (Get-Hidden $runspace 'TranscriptionData') 'Transcripts').Count -gt 0 -or (Get-Hidden $runspace 'JobRepository').Jobs.Count -gt 0 -or
        (Get-Hidden $runspace.JobManager '_sourceAdapters').Count -gt 0
    }
    catch { $true }
}

# Raises PowerShell.Exiting, then ends jobs, subscriptions and transcripts, which would continue in the next task. Returns what makes the worker
# unfit for another task; nothing if it is fit.
function Close-Task {
    try {
        Reset-CommandLookup
        $script:hasMoreToReset = Test-Untidy
        if ($hasMoreToReset) {
            $null = $runspace.Events.GenerateEvent('PowerShell.Exiting', $null, @(), $null, $true, $false)
            $shell = [powershell]::Create()
            $shell.Runspace = $runspace
            $null = $shell.AddScript($tidy, $true).Invoke()
            $shell.Dispose()
        }
    }
    catch { return 'not-tidied' }
    Get-ProcessDirt
}

# Resets the actions that a task has set for command lookup: they would interfere with tidying up.
function Reset-CommandLookup {
    $lookup = $runspace.SessionStateProxy.InvokeCommand
    $lookup.PreCommandLookupAction = $lookup.PostCommandLookupAction = $lookup.CommandNotFoundAction = $lookup.LocationChangedAction = $null
}
