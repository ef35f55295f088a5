# Checks that output of the next task will be visible: after each task a word is printed in each way that leads to the writers of the console, and must
# arrive there. Meanwhile the writers are replaced by one that captures it; the raw streams behind them are checked by the marks that the pool waits for.
# If a version of .NET or PowerShell uses other names internally, nothing is checked. Names as of .NET 10 and .NET Framework: Console.cs.
$captured = [System.IO.StringWriter]::new()
$writerFields = @(foreach ($name in 's_out', 's_error', '_out', '_error') {
    $field = [Console].GetField($name, [System.Reflection.BindingFlags] 'Static, NonPublic')
    if ($field) { $field }
})
$canProbe = $writerFields.Count -eq 2 -and $hostFields['_outputSerializer']
$serializer = $hostFields['_outputSerializer']
$outputWord = [object[]] @('output')
$allWords = 'host', 'warning', 'verbose', 'debug', 'error'
# A pipeline is tried only in a runspace that is kept, because it takes more time than everything else. A runspace that is dropped can affect the next one
# only through the host, which may have been set to write to transcripts only.
if ($Isolation -eq 'none') { $allWords += 'output' }
$transcribeOnly = [System.Management.Automation.Host.PSHostUserInterface].GetProperty('TranscribeOnly', $nonPublic)

function Test-Output {
    if (-not $canProbe) { return $true }
    $writers = $writerFields[0].GetValue($null), $writerFields[1].GetValue($null)
    $ui = $Host.UI
    if ($transcribeOnly -and $transcribeOnly.GetValue($ui)) { return $false }
    try {
        $writerFields[0].SetValue($null, $captured)
        $writerFields[1].SetValue($null, $captured)
        $serializer.SetValue($consoleHost, $null)
        if ($Isolation -eq 'none') {
            $shell = [powershell]::Create()
            $shell.Runspace = $runspace
            $null = $shell.AddCommand($outDefault)
            $null = $shell.Invoke($outputWord)
            $shell.Dispose()
        }
        $ui.WriteLine('host')
        $ui.WriteWarningLine('warning')
        $ui.WriteVerboseLine('verbose')
        $ui.WriteDebugLine('debug')
        $ui.WriteErrorLine('error')
    }
    finally {
        $writerFields[0].SetValue($null, $writers[0])
        $writerFields[1].SetValue($null, $writers[1])
        $serializer.SetValue($consoleHost, $null)
    }
    $text = $captured.ToString()
    $null = $captured.GetStringBuilder().Clear()
    foreach ($word in $allWords) { if (-not $text.Contains($word)) { return $false } }
    $true
}
