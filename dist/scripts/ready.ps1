# The last thing in a worker before its task: says that it is ready, waits for the task, and prepares the process for it. Nothing of it stays: no
# variable, no connection, no error in $Error. Windows PowerShell 5.1 reads this file too.
#
# Every worker compiles this anew, so what is in here is what costs little: few kinds of calls, no parameters, no `foreach`, and types by their whole
# names, because the first short one, such as [string], makes PowerShell load all types that have one.
try {
    $reader = $null
    $pipe = [System.IO.Pipes.NamedPipeClientStream]::new($env:PWSH_POOL_ADDRESS)
    $pipe.Connect(10000)
    $writer = [System.IO.StreamWriter]::new($pipe)
    $writer.Write("ready`t3`t$env:PWSH_POOL_TOKEN`t$PSHOME`t$PID`n")
    $writer.Flush()

    # Without a task the pool just closes the connection. Its message is lines: `run`, the folder if it is another one, the file for the error of the task
    # if it is asked for; then three lists, each with an empty line as its end: variables to remove, others and their values, and the same percent-encoded for what has line breaks, `%` for one to remove.
    $reader = [System.IO.StreamReader]::new($pipe)
    if (!$reader.ReadLine()) { [System.Environment]::Exit(0) }
    if ($folder = $reader.ReadLine()) {
        [System.Environment]::CurrentDirectory = [System.Uri]::UnescapeDataString($folder)
        $folder = [System.Management.Automation.WildcardPattern]::Escape([System.Environment]::CurrentDirectory)
        $null = $ExecutionContext.SessionState.Path.SetLocation($folder)
    }
    if ($file = $reader.ReadLine()) { & "$PSScriptRoot/watch-error.ps1" ([System.Uri]::UnescapeDataString($file)) }
    # A plain $null would be taken for an empty value.
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
    # With a reader it is connected, and what failed is what this task wants of it.
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
