# Restores the only runspace of isolation `none` between two tasks to its state before the first one. ResetRunspaceState does much of that, takes several
# times as long, and leaves strict mode and, permanently, a false `$?` behind (PowerShell#16733). The state is not accessible through public members, so
# internals are used. If a version of PowerShell lacks them, or a task has changed more than can be restored, a new runspace replaces the old one. Names as
# of PowerShell 7.6: SessionStateScope.cs, SessionStateLocationAPIs.cs, ExecutionContext.cs, LocalConnection.cs.
$saved = $null
$movingVariables = '?', 'PWD'

function Get-Hidden($object, [string] $name) {
    $member = $object.GetType().GetProperty($name, $nonPublic)
    if (-not $member) { $member = $object.GetType().GetField($name, $nonPublic) }
    if (-not $member) { throw "this version of PowerShell has no $name" }
    , $member.GetValue($object)
}

# Compares types, because PowerShell replaces the attributes themselves now and then, such as that of $MaximumHistoryCount with a new history.
function Get-AttributeType($variable) { foreach ($attribute in $variable.Attributes) { $attribute.GetType() } }

# Called after setup, whose effects every task is to find.
function Save-Session {
    $script:saved = $null
    try {
        $context = Get-Hidden $runspace 'GetExecutionContext'
        $state = Get-Hidden $context 'EngineSessionState'
        $scope = Get-Hidden $state 'GlobalScope'
        $variables = Get-Hidden $scope 'Variables'
        $aliases = Get-Hidden $scope '_alias'
        $functions = Get-Hidden $scope 'FunctionTable'
        $discovery = Get-Hidden $context 'CommandDiscovery'
        $history = $runspace.GetType().GetField('_history', $nonPublic)
        $script:saved = @{
            Variables = $variables
            Originals = @(foreach ($variable in @($variables.Values)) { , @($variable, $variable.Value, $variable.Options, @(Get-AttributeType $variable)) })
            Defaults = $runspace.SessionStateProxy.PSVariable.GetValue('PSDefaultParameterValues').Clone()
            Locations = Get-Hidden $state '_workingLocationStack'
            Aliases = $aliases
            OriginalAliases = @(foreach ($alias in @($aliases.Values)) { , @($alias, $alias.Definition, $alias.Options) })
            Functions = $functions
            OriginalFunctions = @(foreach ($function in @($functions.Values)) { , @($function, $function.ScriptBlock, $function.Options) })
            Cmdlets = Get-Hidden $scope '_cmdlets'
            Drives = Get-Hidden $scope '_drives'
            DriveNames = [string]::Join(':', (Get-Hidden $scope '_drives').Keys)
            Types = $runspace.InitialSessionState.Types
            Formats = $runspace.InitialSessionState.Formats
            TypeCount = $runspace.InitialSessionState.Types.Count
            FormatCount = $runspace.InitialSessionState.Formats.Count
            # Each entry: an object, one of its properties, and the value.
            Properties = @(
                , @($context, $context.GetType().GetProperty('QuestionMarkVariableValue', $nonPublic), $true)
                , @($context, $context.GetType().GetProperty('PSDebugTraceLevel', $nonPublic), 0)
                , @($context, $context.GetType().GetProperty('PSDebugTraceStep', $nonPublic), $false)
                , @($context, $context.GetType().GetProperty('CustomArgumentCompleters', $nonPublic), $null)
                , @($context, $context.GetType().GetProperty('NativeArgumentCompleters', $nonPublic), $null)
                , @($scope, $scope.GetType().GetProperty('StrictModeVersion', $nonPublic), (Get-Hidden $scope 'StrictModeVersion'))
                # Commands found by relative entries of PATH belong to the folder of an earlier task (PowerShell#27809).
                , @($discovery, $discovery.GetType().GetField('_cachedLookupPaths', $nonPublic), $null)
                , @($discovery, $discovery.GetType().GetField('_pathCacheKey', $nonPublic), $null)
                , @($state, $state.GetType().GetField('_defaultStackName', $nonPublic), (Get-Hidden $state '_defaultStackName'))
                # On a drive that is not a file system, a path would be resolved on that drive.
                , @($state, $state.GetType().GetProperty('CurrentDrive', $nonPublic), (Get-Hidden $state 'CurrentDrive'))
            )
            History = $history
            NewHistory = $history.FieldType.GetConstructors($nonPublic)[0]
            Context = [object[]] @($context)
        }
    }
    catch { $global:Error.Clear() }
}

function Reset-Session {
    $isReset = $false
    try { if ($saved -and -not $hasMoreToReset) { $isReset = (Restore-Variables) -and (Restore-Commands) -and (Test-SameWorld) } } catch { }
    if (-not $isReset) {
        $runspace.Dispose()
        return Open-Session
    }
    foreach ($entry in $saved.Properties) { $entry[1].SetValue($entry[0], $entry[2]) }
    $saved.History.SetValue($runspace, $saved.NewHistory.Invoke($saved.Context))
    $saved.Locations.Clear()
    Reset-HostMemory
}

# Returns whether all variables are restored. A variable that a task has made constant, or given a type, cannot be.
function Restore-Variables {
    $variables = $saved.Variables
    $variables.Clear()
    foreach ($original in $saved.Originals) {
        $variable = $original[0]
        $variables[$variable.Name] = $variable
        if ($variable.Options -ne $original[2] -or $variable.Attributes.Count -ne $original[3].Count) { return $false }
        for ($i = 0; $i -lt $original[3].Count; $i++) { if ($variable.Attributes[$i].GetType() -ne $original[3][$i]) { return $false } }
        # `$?` is created at every read, and `$PWD` changes with the location.
        if (-not [object]::ReferenceEquals($variable.Value, $original[1]) -and $movingVariables -notcontains $variable.Name) {
            $variable.Value = $original[1]
        }
    }
    $session = $runspace.SessionStateProxy.PSVariable
    if ($session.GetValue('PWD') -isnot [System.Management.Automation.PathInfo]) { return $false }
    $session.GetValue('Error').Clear()
    if ($null -ne $session.GetValue('_')) { $session.Set('_', $null) }
    $defaults = $session.GetValue('PSDefaultParameterValues')
    $defaults.Clear()
    foreach ($name in $saved.Defaults.Keys) { $defaults[$name] = $saved.Defaults[$name] }
    $true
}

# Restores built-in aliases and functions, those of modules and setup, and removes those that hide a cmdlet. Other functions and aliases stay. Returns
# whether all are restored: those that a task has made constant cannot be.
function Restore-Commands {
    $aliases = $saved.Aliases
    foreach ($original in $saved.OriginalAliases) {
        $alias = $original[0]
        if (-not [object]::ReferenceEquals($aliases[$alias.Name], $alias)) { $aliases[$alias.Name] = $alias }
        if ($alias.Definition -cne $original[1] -or $alias.Options -ne $original[2]) { return $false }
    }
    $functions = $saved.Functions
    foreach ($original in $saved.OriginalFunctions) {
        $function = $original[0]
        if (-not [object]::ReferenceEquals($functions[$function.Name], $function)) { $functions[$function.Name] = $function }
        if (-not [object]::ReferenceEquals($function.ScriptBlock, $original[1]) -or $function.Options -ne $original[2]) { return $false }
    }
    if ($aliases.Count -gt $saved.OriginalAliases.Count) {
        foreach ($name in @($aliases.Keys)) { if ($saved.Cmdlets.ContainsKey($name) -and -not $aliases[$name].Module) { $null = $aliases.Remove($name) } }
    }
    if ($functions.Count -gt $saved.OriginalFunctions.Count) {
        foreach ($name in @($functions.Keys)) {
            if (($saved.Cmdlets.ContainsKey($name) -or $aliases.ContainsKey($name)) -and -not $functions[$name].Module) { $null = $functions.Remove($name) }
        }
    }
    $true
}

# Whether the parts that cannot be restored are unchanged: drives, members and formats of types, the language mode.
function Test-SameWorld {
    $saved.Types.Count -eq $saved.TypeCount -and $saved.Formats.Count -eq $saved.FormatCount -and
    [string]::Join(':', $saved.Drives.Keys) -ceq $saved.DriveNames -and $runspace.SessionStateProxy.LanguageMode -eq 'FullLanguage'
}
