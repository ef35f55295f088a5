# In a worker for one task, before a task whose `retry` asks for exceptions: has PowerShell write, when it ends, what the task has failed by to a file
# (`write-error.ps1`). A `try` or `trap` around the task would change what its errors do and how they look. Of this the task sees nothing but
# with `Get-EventSubscriber -Force`. Windows PowerShell 5.1 reads this file too.
param([string] $ReportFile)

try {
    $call = "& '$($PSScriptRoot.Replace("'", "''"))/write-error.ps1' '$($ReportFile.Replace("'", "''"))'"
    $events = $ExecutionContext.Events
    # The first subscription and the first job of the task are to have the numbers that they would have without it. Names as of PowerShell 7.6:
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
