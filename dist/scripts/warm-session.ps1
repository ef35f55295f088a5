# The runspace in which a task runs: a new one for each task, or one that is reset in between.
$initialState = [initialsessionstate]::CreateDefault()
$initialState.ThrowOnRunspaceOpenError = $true
foreach ($module in $Modules) {
    if ($module -is [string]) { $initialState.ImportPSModule([string[]] @($module)) }
    else { $initialState.ImportPSModule([Microsoft.PowerShell.Commands.ModuleSpecification[]] @($module)) }
}
$initialState.Variables.Add([System.Management.Automation.Runspaces.SessionStateVariableEntry]::new('PROFILE', $PROFILE, ''))
if ($isRecoded) { $initialState.Variables.Add([System.Management.Automation.Runspaces.SessionStateVariableEntry]::new('OutputEncoding', $outputEncoding, '')) }

$settings = [System.Management.Automation.PSInvocationSettings]::new()
# Without this, the end of the pipeline would set $? to true and lose the result.
$settings.AddToHistory = $true

function Open-Session {
    Reset-HostMemory
    $script:runspace = [runspacefactory]::CreateRunspace($Host, $initialState)
    $runspace.ThreadOptions = 'ReuseThread'
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') { $runspace.ApartmentState = [System.Threading.Thread]::CurrentThread.GetApartmentState() }
    $runspace.Open()
    $runspace.Name = 'Runspace1'
    $runspace.Debugger.add_DebuggerStop($ignoreStop)
    if ($SetupFile) { Invoke-Setup }
    if ($Isolation -eq 'none') { Save-Session }
}

# Cleans up for the next task. Returns what makes the worker unfit for it; nothing if it is fit.
function Close-Session {
    try {
        if ($Isolation -eq 'none') { Reset-Session }
        if (-not (Test-Output)) { return 'silenced' }
        if ($Isolation -ne 'none') { $runspace.Dispose() }
    }
    catch { return 'not-tidied' }
}

# Setup is dot-sourced like a step. Its output comes before the mark, so it belongs to no task.
function Invoke-Setup {
    if ((Invoke-InSession $SetupFile) -ne 0) { throw 'setup failed' }
    Reset-HostMemory
    $runspace.SessionStateProxy.PSVariable.Remove('LASTEXITCODE')
    $runspace.SessionStateProxy.GetVariable('Error').Clear()
}

# If the folder does not change, nothing is done: a new runspace begins in the folder of the process, and a kept one stays in its folder.
function Set-SessionLocation([string] $folder) {
    $path = $runspace.SessionStateProxy.Path
    if ($path.CurrentLocation.Path -cne $folder) { $null = $path.SetLocation([System.Management.Automation.WildcardPattern]::Escape($folder)) }
}
