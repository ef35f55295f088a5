# The runspace that a task runs in: opened for each task, or once and reset in between.
$initialState = [initialsessionstate]::CreateDefault()
$initialState.ThrowOnRunspaceOpenError = $true
foreach ($module in $Modules) {
    if ($module -is [string]) { $initialState.ImportPSModule([string[]] @($module)) }
    else { $initialState.ImportPSModule([Microsoft.PowerShell.Commands.ModuleSpecification[]] @($module)) }
}
$initialState.Variables.Add([System.Management.Automation.Runspaces.SessionStateVariableEntry]::new('PROFILE', $PROFILE, ''))

$settings = [System.Management.Automation.PSInvocationSettings]::new()
# Without it the end of the pipeline sets $? to true, and with it goes the verdict.
$settings.AddToHistory = $true

function Open-Session {
    if ($forget) { $forget.Invoke() }
    $script:runspace = [runspacefactory]::CreateRunspace($Host, $initialState)
    $runspace.ThreadOptions = 'ReuseThread'
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') { $runspace.ApartmentState = [System.Threading.Thread]::CurrentThread.GetApartmentState() }
    $runspace.Open()
    $runspace.Name = 'Runspace1'
    $runspace.Debugger.add_DebuggerStop($ignoreStop)
    if ($Isolation -eq 'none') { Save-Session }
    if ($SetupFile) { Invoke-Setup }
}

# Setup is dot-sourced as a step would be; what it prints comes before the mark, and so is nobody's output.
function Invoke-Setup {
    $before = @{}
    if ($Isolation -eq 'none') { foreach ($variable in Get-SessionVariable) { $before[$variable.Name] = $variable.Value } }
    if ((Invoke-InSession $SetupFile) -ne 0) { throw 'setup failed' }
    if ($forget) { $forget.Invoke() }
    $runspace.SessionStateProxy.PSVariable.Remove('LASTEXITCODE')
    $runspace.SessionStateProxy.GetVariable('Error').Clear()
    if ($Isolation -ne 'none') { return }
    # Setup's own variables, and the preferences that it set, outlive every reset.
    foreach ($variable in Get-SessionVariable) {
        $isNew = -not $before.ContainsKey($variable.Name)
        if ($isNew -or -not [object]::Equals($before[$variable.Name], $variable.Value)) { $setupVariables[$variable.Name] = $variable.Value }
    }
}

$setupVariables = @{}
$ofTheEngine = 'Error', '?', '^', '$', 'LASTEXITCODE', 'MyInvocation', 'PWD', 'StackTrace', 'null', 'true', 'false', 'input', 'args', '_', 'PSItem'
function Get-SessionVariable {
    foreach ($variable in $runspace.SessionStateProxy.InvokeProvider.ChildItem.Get('Variable:\', $false)) {
        if ($ofTheEngine -notcontains $variable.BaseObject.Name) { $variable.BaseObject }
    }
}

# ResetRunspaceState leaves a plain variable in place of `$?`, which then says true for ever (PowerShell#16733). The real one is put back by the
# engine's own way, which is internal. Source: SessionStateScope.cs, SetVariableForce.
$questionMark = $null
$setForce = $null
$globalScope = $null
$engineState = $null
function Save-Session {
    $script:questionMark = $runspace.SessionStateProxy.PSVariable.Get('?')
    $contextProperty = $runspace.GetType().GetProperty('GetExecutionContext', $nonPublic)
    if (-not $contextProperty) { return }
    $context = $contextProperty.GetValue($runspace)
    $script:engineState = $context.GetType().GetProperty('EngineSessionState', $nonPublic).GetValue($context)
    $script:globalScope = $engineState.GetType().GetProperty('GlobalScope', $nonPublic).GetValue($engineState)
    $script:setForce = $globalScope.GetType().GetMethod('SetVariableForce', $nonPublic)
}

$cleanUp = @'
Microsoft.PowerShell.Core\Set-StrictMode -Off
[System.Threading.Thread]::CurrentThread.CurrentCulture = $args[0]
[System.Threading.Thread]::CurrentThread.CurrentUICulture = $args[1]
'@
$culture = [System.Threading.Thread]::CurrentThread.CurrentCulture
$uiCulture = [System.Threading.Thread]::CurrentThread.CurrentUICulture

# Without the internals every task gets a runspace of its own.
function Reset-Session {
    if (-not $setForce) {
        $runspace.Dispose()
        return Open-Session
    }
    $cleaner = [powershell]::Create()
    $cleaner.Runspace = $runspace
    $null = $cleaner.AddScript($cleanUp).AddArgument($culture).AddArgument($uiCulture).Invoke()
    $cleaner.Dispose()
    $runspace.ResetRunspaceState()
    $null = $setForce.Invoke($globalScope, @($questionMark, $engineState))
    foreach ($name in $setupVariables.Keys) { $runspace.SessionStateProxy.PSVariable.Set($name, $setupVariables[$name]) }
    if ($forget) { $forget.Invoke() }
}

function Set-SessionLocation([string] $folder) {
    if ($runspace.SessionStateProxy.Path.CurrentFileSystemLocation.ProviderPath -cne $folder -or $runspace.SessionStateProxy.Path.CurrentLocation.Provider.Name -ne 'FileSystem') {
        $null = $runspace.SessionStateProxy.Path.SetLocation([System.Management.Automation.WildcardPattern]::Escape($folder))
    }
}
