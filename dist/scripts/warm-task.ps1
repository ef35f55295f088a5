# One task in the runspace: how it is called, what its code is, and what is left to tidy up.

$noInput = [System.Management.Automation.PSDataCollection[psobject]]::new()
$noInput.Complete()

# The cmdlet itself, because a task may define a function of its name; under its bare name, because to a pipeline that ends otherwise PowerShell adds
# another one while a transcript is written (by a task, or for the whole system by a policy), and then nothing is shown. Source: LocalPipeline.cs.
$outDefault = [System.Management.Automation.CmdletInfo]::new('Out-Default', [Microsoft.PowerShell.Commands.OutDefaultCommand])

# What the task has failed by, if that is an error of PowerShell.
$taskFailure = $null

# Runs a file as `-command ". 'file'"` would, and gives the code that PowerShell would end with.
function Invoke-InSession([string] $file, [string] $objectsFile) {
    $script:taskFailure = $null
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    $text = ". '$($file.Replace("'", "''"))'"
    # In the text, as in a process: a function in a pipeline of commands would have the last say on `$?`.
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
    # Not what was caught here, which may be wrapped: the task's own exception.
    if ($shell.InvocationStateInfo.State -eq 'Failed') { $reason = $shell.InvocationStateInfo.Reason }
    # By SIGINT: the pool ends this process.
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
    # On Unix a process has eight bits for its code: one that they cannot tell from 0 must not look like a success.
    if ([Environment]::OSVersion.Platform -ne 'Win32NT') { $last = $last -band 255 }
    if ($last -eq 0) { return 1 }
    $last
}

# The two fields of `done` for what the task has failed by; both empty for anything but an error of PowerShell.
function Get-TaskErrorReport {
    if (-not $taskFailure) { return "`t" }
    # A type of the task's own may fail at anything.
    try { Get-ErrorReport $taskFailure } catch { "`t" }
    $script:taskFailure = $null
}

function Invoke-Task([string] $file) {
    # The last thing before it: what a new runspace or setup has printed made the host take the writers of that time.
    Reset-HostMemory
    # The pool lays it there for a task that keeps what it emits as objects.
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

# Runs in a scope of its own: the preferences of the task and its default parameters do not hold. Commands are qualified, because a task may have
# defined functions of their names. One Stop-Transcript stops one transcript, and the last one fails.
$tidy = @'
$PSDefaultParameterValues = @{}; $WhatIfPreference = $false; $ConfirmPreference = 'None'; $ErrorActionPreference = 'Stop'
Microsoft.PowerShell.Utility\Get-PSBreakpoint | Microsoft.PowerShell.Utility\Remove-PSBreakpoint
Microsoft.PowerShell.Utility\Get-EventSubscriber -Force | Microsoft.PowerShell.Utility\Unregister-Event -Force
Microsoft.PowerShell.Core\Get-Job | Microsoft.PowerShell.Core\Remove-Job -Force
try { while ($true) { $null = Microsoft.PowerShell.Host\Stop-Transcript } } catch { }
'@
$hasMoreToReset = $false

# Whether a task may have left anything to tidy up; where a version of PowerShell cannot tell, it may. Names as of PowerShell 7.6: LocalConnection.cs,
# JobManager.cs. Thread jobs are known to the module that started them, which makes itself known as an adapter.
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

# Lets PowerShell.Exiting happen, then ends jobs, subscriptions and transcripts, which would go on in the next task. Tells what makes the worker
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

# Actions that a task has tied to the lookup of commands: they would have a say in how it is tidied up.
function Reset-CommandLookup {
    $lookup = $runspace.SessionStateProxy.InvokeCommand
    $lookup.PreCommandLookupAction = $lookup.PostCommandLookupAction = $lookup.CommandNotFoundAction = $lookup.LocationChangedAction = $null
}
