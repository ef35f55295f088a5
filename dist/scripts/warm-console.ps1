# State that the console host keeps between tasks and that no public member reaches. Each part is optional: if a version of PowerShell lacks it, the worker
# does without. Names as of PowerShell 7.6, src/Microsoft.PowerShell.ConsoleHost/host/msh/ConsoleHost.cs.
$nonPublic = [System.Reflection.BindingFlags] 'Instance, NonPublic, Public'

$consoleHost = $null
$hostProperty = $Host.GetType().GetProperty('ExternalHost', $nonPublic)
if ($hostProperty) { $consoleHost = $hostProperty.GetValue($Host) }

$hostFields = @{}
if ($consoleHost) {
    foreach ($name in '_outputSerializer', '_errorSerializer', '_setShouldExitCalled', '_exitCodeFromRunspace', '_shouldEndSession', '_consoleColorProxy') {
        $field = $consoleHost.GetType().GetField($name, $nonPublic)
        if ($field) { $hostFields[$name] = $field }
    }
}

# Makes the host forget what the last task made it keep: the writers that it took at the first output, and the request to end the session.
function Reset-HostMemory {
    foreach ($field in $hostFields.Values) { $field.SetValue($consoleHost, $hostDefaults[$field.Name]) }
}
$hostDefaults = @{_setShouldExitCalled = $false; _exitCodeFromRunspace = 0; _shouldEndSession = $false}

# The exit code that a task has requested from the host; nothing if it has not.
function Get-AskedExitCode {
    $asked = $hostFields['_setShouldExitCalled']
    $code = $hostFields['_exitCodeFromRunspace']
    if ($asked -and $code -and $asked.GetValue($consoleHost)) { $code.GetValue($consoleHost) }
}

$expression = [System.Linq.Expressions.Expression]

# An error as the console host shows it: with its position, on the error stream. PowerShell marks it with a field of PSObject that only a compiled function
# can set, because PowerShell passes the wrapped object instead of the PSObject. Source: MshObject.cs, WriteStream.
function Get-ShownRecord([System.Management.Automation.ErrorRecord] $record) {
    if (-not $writeStream) { return , @(Add-Member -InputObject $record -NotePropertyName writeErrorStream -NotePropertyValue $true -PassThru) }
    if (-not $asShown) { $script:asShown = New-RecordMarker }
    , $asShown.Invoke($record)
}
$asShown = $null
$writeStream = [psobject].GetProperty('WriteStream', $nonPublic)

function New-RecordMarker {
    $record = $expression::Parameter([System.Management.Automation.ErrorRecord], 'record')
    $shown = $expression::Variable([psobject], 'shown')
    $stream = $expression::Constant([Enum]::Parse($writeStream.PropertyType, 'Error'), $writeStream.PropertyType)
    $steps = [System.Linq.Expressions.Expression[]] @(
        $expression::Assign($shown, $expression::Call([psobject].GetMethod('AsPSObject', [type[]] @([object])), $record))
        $expression::Assign($expression::Property($shown, $writeStream), $stream)
        $expression::NewArrayInit([object], [System.Linq.Expressions.Expression[]] @($shown))
    )
    $body = $expression::Block([System.Linq.Expressions.ParameterExpression[]] @($shown), $steps)
    $type = [System.Func[System.Management.Automation.ErrorRecord, object[]]]
    $expression::Lambda($type, $body, [System.Linq.Expressions.ParameterExpression[]] @($record)).Compile()
}

# The pool ends a task by SIGINT. The console host would stop this script, which waits for the task; instead the task is stopped here, and its `finally`
# blocks run. The thread that does so has a name, by which the pool sees that it has begun (pipeline-stop.ts). Windows has no signals, and Windows
# PowerShell lacks this class.
$current = [System.Runtime.CompilerServices.StrongBox[powershell]]::new()
$signals = 'System.Runtime.InteropServices.PosixSignalRegistration' -as [type]
if ($signals -and [Environment]::OSVersion.Platform -ne 'Win32NT') {
    $shell = $expression::Field($expression::Constant($current), 'Value')
    $thread = $expression::Property($null, [System.Threading.Thread].GetProperty('CurrentThread'))
    $name = $expression::Assign($expression::Property($thread, 'Name'), $expression::Constant('pwsh-pool.Stop'))
    $stop = $expression::Call($shell, [powershell].GetMethod('Stop'))
    # If no task runs, or it has just ended, there is nothing to stop.
    $nothing = $expression::Catch([Exception], $expression::Empty())
    $stopCurrent = $expression::TryCatch($expression::Block([System.Linq.Expressions.Expression[]] @($name, $stop)), $nothing)
    $signalParameters = [System.Linq.Expressions.ParameterExpression[]] @($expression::Parameter([System.Runtime.InteropServices.PosixSignalContext]))
    $onSignal = $expression::Lambda([System.Action[System.Runtime.InteropServices.PosixSignalContext]], $stopCurrent, $signalParameters).Compile()
    $registration = $signals::Create([System.Runtime.InteropServices.PosixSignal]::SIGINT, $onSignal)
}

# The thread of a task keeps the culture that the task sets. With BeginInvoke, the callback at the end of the task runs on that same thread, the only one
# that can restore the culture.
$cultureNow = $expression::Property($null, [System.Globalization.CultureInfo].GetProperty('CurrentCulture'))
$uiCultureNow = $expression::Property($null, [System.Globalization.CultureInfo].GetProperty('CurrentUICulture'))
$keepCulture = $expression::Lambda(
    [System.EventHandler[System.Management.Automation.PSInvocationStateChangedEventArgs]],
    $expression::Block(
        [System.Linq.Expressions.Expression[]] @(
            $expression::Assign($cultureNow, $expression::Constant([cultureinfo]::CurrentCulture, [cultureinfo]))
            $expression::Assign($uiCultureNow, $expression::Constant([cultureinfo]::CurrentUICulture, [cultureinfo]))
            $expression::Empty()
        )
    ),
    [System.Linq.Expressions.ParameterExpression[]] @(
        $expression::Parameter([object], 'sender')
        $expression::Parameter([System.Management.Automation.PSInvocationStateChangedEventArgs], 'e')
    )
).Compile()

# Without a listener, Wait-Debugger would wait forever.
$stopType = [System.EventHandler[System.Management.Automation.DebuggerStopEventArgs]]
$stopParameters = [System.Linq.Expressions.ParameterExpression[]] @(
    $expression::Parameter([object], 'sender')
    $expression::Parameter([System.Management.Automation.DebuggerStopEventArgs], 'e')
)
$ignoreStop = $expression::Lambda($stopType, $expression::Empty(), $stopParameters).Compile()
