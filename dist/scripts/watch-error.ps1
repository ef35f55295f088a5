# Runs in a worker for one task, before a task whose `retry` has `exception`: makes PowerShell write a report of the error that ended the task
# (`write-error.ps1`) when it exits. A `try` or `trap` around the task would change how its errors behave and look. The task sees this only with
# `Get-EventSubscriber -Force`. Windows PowerShell 5.1 reads this file too.
param([string] $ReportFile)

try {
    $call = "& '$($PSScriptRoot.Replace("'", "''"))/write-error.ps1' '$($ReportFile.Replace("'", "''"))'"
    $events = $ExecutionContext.Events
    # Keeps the numbers of the task's own first subscription and first job as they would be without this one. Names as of PowerShell 7.6:
    # EventManager.cs, Job.cs.
    $hidden = [System.Reflection.BindingFlags] 'Instance, Static, NonPublic'
    $numbers = @(
        foreach ($owner in , @($events, $events.GetType(), '_nextSubscriptionId') + , @($null, [System.Management.Automation.Job], 's_jobIdSeed')) {
            $field = $owner[1].GetField($owner[2], $hidden)
            if ($field) { , @($field, $owner[0], $field.GetValue($owner[0])) }
        }
    )
    foreach ($number in $numbers) { $number[0].SetValue($number[1], 1000000) }
    $null = $events.SubscribeEvent($null, $null, 'PowerShell.Exiting', $null, [scriptblock]::Create($call), $true, $false)
    foreach ($number in $numbers) { $number[0].SetValue($number[1], $number[2]) }
}
catch { $global:Error.Clear() }
