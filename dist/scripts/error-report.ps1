# Describes the error that ended a task, for `retry`: the types that a `catch` would match, and the id. Windows PowerShell 5.1 reads this file too.

# `$failure`: an exception or an error record. Returns, percent-encoded, the types on a line each, then a tab and the FullyQualifiedErrorId. Both are cut to
# the size of a message, because the text of a thrown object may have any length.
function Get-ErrorReport($failure) {
    $record = $null
    $reason = $failure
    if ($failure -is [System.Management.Automation.ErrorRecord]) {
        $record = $failure
        $reason = $failure.Exception
    }
    elseif ($failure -is [System.Management.Automation.IContainsErrorRecord]) { $record = $failure.ErrorRecord }
    $names = [System.Collections.Generic.List[string]]::new()
    foreach ($exception in Get-CaughtException $reason) {
        for ($type = $exception.GetType(); $type -and $type -ne [object]; $type = $type.BaseType) {
            $name = $type.ToString()
            if (-not $names.Contains($name)) { $names.Add($name) }
        }
    }
    $id = if ($record) { $record.FullyQualifiedErrorId } else { $reason.GetType().FullName }
    "$(ConvertTo-Field ([string]::Join("`n", $names)) 6000)`t$(ConvertTo-Field $id 1500)"
}

# The exceptions that `catch [type]` looks at. Source: PowerShell, MiscOps.cs, FindMatchingHandler.
function Get-CaughtException([Exception] $reason) {
    for ($next = $reason; $next; ) {
        $exception = $next
        $next = $null
        $exception
        if ($exception -isnot [System.Management.Automation.RuntimeException]) { break }
        $inner = $exception.InnerException
        if ($inner) { $inner }
        if ($exception -is [System.Management.Automation.ActionPreferenceStopException]) { $next = $exception.ErrorRecord.Exception }
        elseif ($exception -is [System.Management.Automation.CmdletInvocationException] -and $inner -and $inner.InnerException) { $inner.InnerException }
    }
}

# The error of a script that PowerShell could not begin, because it cannot be parsed or a requirement is missing. It is not thrown but shown, and errors of
# showing it may follow.
function Get-RefusedScript($errors) {
    foreach ($failure in $errors) {
        $reason = $failure
        if ($failure -is [System.Management.Automation.ErrorRecord]) { $reason = $failure.Exception }
        if ($reason -is [System.Management.Automation.ParseException] -or $reason -is [System.Management.Automation.ScriptRequiresException]) {
            return $failure
        }
    }
}

function ConvertTo-Field([string] $text, [int] $length) {
    if ($text.Length -gt $length) { $text = $text.Substring(0, $length) }
    # Half a surrogate pair cannot be encoded.
    [Uri]::EscapeDataString([System.Text.Encoding]::UTF8.GetString([System.Text.Encoding]::UTF8.GetBytes($text)))
}
