# Whether a task may have left a process running: whether any process lives that did not when the task began. The pool looks for those of
# the task only then, because on Windows a list of all with their parents takes longer than a short task.

# Their numbers alone, by a way of .NET's own that costs a tenth of what it shows to others. Names as of .NET 10 and .NET Framework.
$idsMethod = $null
$manager = [System.Diagnostics.Process].Assembly.GetType('System.Diagnostics.ProcessManager')
if ($manager) {
    $idsMethod = $manager.GetMethod('GetProcessIds', [System.Reflection.BindingFlags] 'Static, Public, NonPublic', $null, [type[]] @(), $null)
}

function Get-ProcessIds {
    if ($idsMethod) { return $idsMethod.Invoke($null, $null) }
    foreach ($process in [System.Diagnostics.Process]::GetProcesses()) {
        $process.Id
        $process.Dispose()
    }
}

$running = $null
function Save-Running {
    $script:running = [System.Collections.Generic.HashSet[int]]::new([int[]] (Get-ProcessIds))
}

function Test-Started {
    if ($running.IsSupersetOf([int[]] (Get-ProcessIds))) { 0 } else { 1 }
}
