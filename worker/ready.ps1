# The last thing in a worker before its task: says that it is ready, waits for the task, and prepares the process for it.
# Nothing of it stays: no variable, no connection, no error in $Error. Windows PowerShell 5.1 reads this file too.
param([string] $Address)

$ErrorActionPreference = 'Stop'
try {
    $token = [Environment]::GetEnvironmentVariable('PWSH_POOL_TOKEN')
    [Environment]::SetEnvironmentVariable('PWSH_POOL_TOKEN', $null)

    # All that was printed so far is not the task's: the pool cuts it off at this mark, on each stream by itself.
    [Console]::Out.Flush()
    [Console]::Error.Flush()
    $mark = [System.Text.Encoding]::ASCII.GetBytes("`n$([char] 0x1e)$token`n")
    foreach ($stream in [Console]::OpenStandardOutput(), [Console]::OpenStandardError()) {
        $stream.Write($mark, 0, $mark.Length)
        $stream.Flush()
    }

    $pipe = [System.IO.Pipes.NamedPipeClientStream]::new('.', $Address, [System.IO.Pipes.PipeDirection]::InOut)
    $pipe.Connect(10000)
    $utf8 = [System.Text.UTF8Encoding]::new($false)
    $reader = [System.IO.StreamReader]::new($pipe, $utf8)
    $writer = [System.IO.StreamWriter]::new($pipe, $utf8)
    $writer.NewLine = "`n"
    $writer.AutoFlush = $true
    $writer.WriteLine("ready`t1`t$token")

    # Without a task the pool just closes the connection.
    $line = $reader.ReadLine()
    if ($null -eq $line) { [Environment]::Exit(0) }
    $fields = $line.Split([char] 9)
    if ($fields[0] -ne 'run') { throw "The pool said '$($fields[0])', which this worker does not know." }

    # The folder first, then a name and a value for each variable; a value of '-' removes it. All but the '-' is base64.
    $separator = [System.IO.Path]::PathSeparator
    for ($i = 2; $i -lt $fields.Length; $i += 2) {
        $name = $utf8.GetString([Convert]::FromBase64String($fields[$i]))
        $value = $null
        if ($fields[$i + 1] -ne '-') { $value = $utf8.GetString([Convert]::FromBase64String($fields[$i + 1])) }
        # As PowerShell itself does when it starts, so that "pwsh" in a task is this one.
        if ($name -eq 'PATH' -and $PSVersionTable.PSEdition -eq 'Core' -and -not "$value".StartsWith("$PSHOME$separator")) {
            $value = "$PSHOME$separator$value"
        }
        [Environment]::SetEnvironmentVariable($name, $value)
    }
    [Environment]::CurrentDirectory = $utf8.GetString([Convert]::FromBase64String($fields[1]))
    $folder = [System.Management.Automation.WildcardPattern]::Escape([Environment]::CurrentDirectory)
    $null = $ExecutionContext.SessionState.Path.SetLocation($folder)

    $writer.WriteLine('started')
    $pipe.Dispose()
}
catch {
    [Console]::Error.WriteLine("The worker could not take its task: $_")
    [Environment]::Exit(1)
}
$ExecutionContext.SessionState.PSVariable.Remove('global:LASTEXITCODE')
$global:Error.Clear()
