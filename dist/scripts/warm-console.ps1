# What the console host keeps between tasks and no public member reaches. Each of these is optional: where a version of PowerShell has it not,
# the worker does without. Names as of PowerShell 7.6, src/Microsoft.PowerShell.ConsoleHost/host/msh/ConsoleHost.cs.
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

# Makes the host forget what the last task made it keep: the writers that it took when something was first written, and that the session is to end.
function Reset-HostMemory {
    foreach ($field in $hostFields.Values) { $field.SetValue($consoleHost, $hostDefaults[$field.Name]) }
}
$hostDefaults = @{_setShouldExitCalled = $false; _exitCodeFromRunspace = 0; _shouldEndSession = $false}

# The code that a task has asked the host for, or nothing.
function Get-AskedExitCode {
    $asked = $hostFields['_setShouldExitCalled']
    $code = $hostFields['_exitCodeFromRunspace']
    if ($asked -and $code -and $asked.GetValue($consoleHost)) { $code.GetValue($consoleHost) }
}

$expression = [System.Linq.Expressions.Expression]

# An error as the console host shows it: its position kept, on the error stream. What does this in PowerShell itself is a field of PSObject that
# only a compiled function reaches, because PowerShell hands the object in the PSObject on instead. Source: MshObject.cs, WriteStream.
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

# The pool asks a task to end by SIGINT. The console host would stop this script, which waits for the task; so the task is stopped here, and its
# `finally` blocks run. The thread on which that happens has a name by which the pool sees that it has begun (pipeline-stop.ts). Windows has no
# signals, and Windows PowerShell not this class.
$current = [System.Runtime.CompilerServices.StrongBox[powershell]]::new()
$signals = 'System.Runtime.InteropServices.PosixSignalRegistration' -as [type]
if ($signals -and [Environment]::OSVersion.Platform -ne 'Win32NT') {
    $shell = $expression::Field($expression::Constant($current), 'Value')
    $thread = $expression::Property($null, [System.Threading.Thread].GetProperty('CurrentThread'))
    $name = $expression::Assign($expression::Property($thread, 'Name'), $expression::Constant('pwsh-pool.Stop'))
    $stop = $expression::Call($shell, [powershell].GetMethod('Stop'))
    # Without a task, or with one that is over by then, there is nothing to stop.
    $nothing = $expression::Catch([Exception], $expression::Empty())
    $stopCurrent = $expression::TryCatch($expression::Block([System.Linq.Expressions.Expression[]] @($name, $stop)), $nothing)
    $signalParameters = [System.Linq.Expressions.ParameterExpression[]] @($expression::Parameter([System.Runtime.InteropServices.PosixSignalContext]))
    $onSignal = $expression::Lambda([System.Action[System.Runtime.InteropServices.PosixSignalContext]], $stopCurrent, $signalParameters).Compile()
    $registration = $signals::Create([System.Runtime.InteropServices.PosixSignal]::SIGINT, $onSignal)
}

# The thread on which a task runs keeps the culture that the task gives it. With BeginInvoke, what tells that the task is over is called on that same
# thread, the only one that can put it back.
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

# Without a listener, Wait-Debugger waits forever.
$stopType = [System.EventHandler[System.Management.Automation.DebuggerStopEventArgs]]
$stopParameters = [System.Linq.Expressions.ParameterExpression[]] @(
    $expression::Parameter([object], 'sender')
    $expression::Parameter([System.Management.Automation.DebuggerStopEventArgs], 'e')
)
$ignoreStop = $expression::Lambda($stopType, $expression::Empty(), $stopParameters).Compile()
