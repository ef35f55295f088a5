# The one runspace of isolation `none`: what it was before the first task it is made again between two tasks. ResetRunspaceState does much of that,
# at several times the price, and leaves strict mode and, for ever, a false `$?` behind (PowerShell#16733). It cannot be told from outside, so internals
# are reached for; where a version of PowerShell has them not, or a task has changed more than can be put back, a new runspace takes the old one's
# place. Names as of PowerShell 7.6: SessionStateScope.cs, SessionStateLocationAPIs.cs, ExecutionContext.cs, LocalConnection.cs.
$saved = $null
$movingVariables = '?', 'PWD'

function Get-Hidden($object, [string] $name) {
    $member = $object.GetType().GetProperty($name, $nonPublic)
    if (-not $member) { $member = $object.GetType().GetField($name, $nonPublic) }
    if (-not $member) { throw "this version of PowerShell has no $name" }
    , $member.GetValue($object)
}

# The attributes themselves are made anew now and then, such as that of $MaximumHistoryCount with a new history.
function Get-AttributeType($variable) { foreach ($attribute in $variable.Attributes) { $attribute.GetType() } }

# Taken after setup: what it leaves is what every task is to find.
function Save-Session {
    $script:saved = $null
    try {
        $context = Get-Hidden $runspace 'GetExecutionContext'
        $state = Get-Hidden $context 'EngineSessionState'
        $scope = Get-Hidden $state 'GlobalScope'
        $variables = Get-Hidden $scope 'Variables'
        $history = $runspace.GetType().GetField('_history', $nonPublic)
        $script:saved = @{
            Variables = $variables
            Originals = @(foreach ($variable in @($variables.Values)) { , @($variable, $variable.Value, $variable.Options, @(Get-AttributeType $variable)) })
            Defaults = $runspace.SessionStateProxy.PSVariable.GetValue('PSDefaultParameterValues').Clone()
            Locations = Get-Hidden $state '_workingLocationStack'
            # An object, one of its properties, and its value.
            Properties = @(
                , @($context, $context.GetType().GetProperty('QuestionMarkVariableValue', $nonPublic), $true)
                , @($context, $context.GetType().GetProperty('PSDebugTraceLevel', $nonPublic), 0)
                , @($context, $context.GetType().GetProperty('PSDebugTraceStep', $nonPublic), $false)
                , @($scope, $scope.GetType().GetProperty('StrictModeVersion', $nonPublic), (Get-Hidden $scope 'StrictModeVersion'))
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
    try { if ($saved -and -not $hasMoreToReset) { $isReset = Restore-Variables } } catch { }
    if (-not $isReset) {
        $runspace.Dispose()
        return Open-Session
    }
    foreach ($entry in $saved.Properties) { $entry[1].SetValue($entry[0], $entry[2]) }
    $saved.History.SetValue($runspace, $saved.NewHistory.Invoke($saved.Context))
    $saved.Locations.Clear()
    Reset-HostMemory
}

# Tells whether all are as they were. A variable that a task has made constant, or given a type, is not.
function Restore-Variables {
    $variables = $saved.Variables
    $variables.Clear()
    foreach ($original in $saved.Originals) {
        $variable = $original[0]
        $variables[$variable.Name] = $variable
        if ($variable.Options -ne $original[2] -or $variable.Attributes.Count -ne $original[3].Count) { return $false }
        for ($i = 0; $i -lt $original[3].Count; $i++) { if ($variable.Attributes[$i].GetType() -ne $original[3][$i]) { return $false } }
        # `$?` is made anew at every look, and `$PWD` goes with the location.
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
