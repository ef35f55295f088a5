# Whether what the next task prints will be seen: after each task a word is printed by each way that leads to the console's writers, and has to arrive
# there. Meanwhile the writers are exchanged for one that keeps it; what comes after them, the raw streams, has the marks that the pool waits for.
# Where a version of .NET or PowerShell has other names for what is needed, nothing is tried. Names as of .NET 10 and .NET Framework: Console.cs.
$captured = [System.IO.StringWriter]::new()
$writerFields = @(foreach ($name in 's_out', 's_error', '_out', '_error') {
    $field = [Console].GetField($name, [System.Reflection.BindingFlags] 'Static, NonPublic')
    if ($field) { $field }
})
$canProbe = $writerFields.Count -eq 2 -and $hostFields['_outputSerializer']
$outputWord = [object[]] @('output')
$allWords = 'output', 'host', 'warning', 'verbose', 'debug', 'error'

function Test-Output {
    if (-not $canProbe) { return $true }
    $writers = $writerFields[0].GetValue($null), $writerFields[1].GetValue($null)
    $ui = $Host.UI
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    # Said aloud, because a task may have made another one the default of its runspace.
    $null = $shell.AddCommand($outDefault).AddParameter('Transcript', $false)
    try {
        foreach ($field in $writerFields) { $field.SetValue($null, $captured) }
        Reset-HostMemory
        $null = $shell.Invoke($outputWord)
        $ui.WriteLine('host')
        $ui.WriteWarningLine('warning')
        $ui.WriteVerboseLine('verbose')
        $ui.WriteDebugLine('debug')
        $ui.WriteErrorLine('error')
    }
    finally {
        $writerFields[0].SetValue($null, $writers[0])
        $writerFields[1].SetValue($null, $writers[1])
        Reset-HostMemory
        $shell.Dispose()
    }
    $text = $captured.ToString()
    $null = $captured.GetStringBuilder().Clear()
    foreach ($word in $allWords) { if (-not $text.Contains($word)) { return $false } }
    $true
}
