# The last script in a worker before its task: reports that the worker is ready, waits for the task, and prepares the process for it. It leaves nothing
# behind: no variable, no connection, no error in $Error. Windows PowerShell 5.1 reads this file too.
#
# Every worker compiles this script, so it uses only what compiles fast: few kinds of calls, no parameters, no `foreach`, and full names of types, because
# the first short name, such as [string], makes PowerShell load all types that have one.
try {
    $reader = $null
    $pipe = [System.IO.Pipes.NamedPipeClientStream]::new($env:PWSH_POOL_ADDRESS)
    $pipe.Connect(10000)
    $writer = [System.IO.StreamWriter]::new($pipe)
    $writer.Write("ready`t3`t$env:PWSH_POOL_TOKEN`t$PSHOME`t$PID`n")
    $writer.Flush()

    # If there is no task, the pool closes the connection. Its message is lines: `run`, the folder if it differs, and the file for the error report if one
    # is
    # requested. Three lists follow, each ended by an empty line: variables to remove; other variables and their values; and the same again,
    # percent-encoded,
    # for names and values with line breaks, where `%` stands for a variable to remove.
    $reader = [System.IO.StreamReader]::new($pipe)
    if (!$reader.ReadLine()) { [System.Environment]::Exit(0) }
    if ($folder = $reader.ReadLine()) {
        [System.Environment]::CurrentDirectory = [System.Uri]::UnescapeDataString($folder)
        $folder = [System.Management.Automation.WildcardPattern]::Escape([System.Environment]::CurrentDirectory)
        $null = $ExecutionContext.SessionState.Path.SetLocation($folder)
    }
    if ($file = $reader.ReadLine()) { & "$PSScriptRoot/watch-error.ps1" ([System.Uri]::UnescapeDataString($file)) }
    # A plain $null would be converted to an empty value.
    $none = [System.Management.Automation.Language.NullString]::Value
    while ($name = $reader.ReadLine()) { [System.Environment]::SetEnvironmentVariable($name, $none) }
    while ($name = $reader.ReadLine()) { [System.Environment]::SetEnvironmentVariable($name, $reader.ReadLine()) }
    while ($name = $reader.ReadLine()) {
        $value = $reader.ReadLine()
        if ($value -eq '%') { $value = $none } else { $value = [System.Uri]::UnescapeDataString($value) }
        [System.Environment]::SetEnvironmentVariable([System.Uri]::UnescapeDataString($name), $value)
    }

    $writer.Write("started`n")
    $writer.Flush()
    $pipe.Dispose()
}
catch {
    [System.Console]::Error.WriteLine("The worker could not take its task: $_")
    # If there is a reader, the connection works, so the error comes from what this task requires.
    if ($reader) {
        try {
            $writer.Write("refused`t$([System.Uri]::EscapeDataString("$_"))`n")
            $writer.Flush()
        }
        catch { }
    }
    [System.Environment]::Exit(1)
}
$ExecutionContext.SessionState.PSVariable.Remove('global:LASTEXITCODE')
$global:Error.Clear()
