# The last thing in a worker before its task: says that it is ready, waits for the task, and prepares the process for it. Nothing of it stays: no
# variable, no connection, no error in $Error. Every kind of call in here costs each worker about a millisecond to compile, hence so few of them.
# Windows PowerShell 5.1 reads this file too.
param([string] $Address)

$ErrorActionPreference = 'Stop'
try {
    $pipe = [System.IO.Pipes.NamedPipeClientStream]::new($Address)
    $pipe.Connect(10000)
    $writer = [System.IO.StreamWriter]::new($pipe)
    $writer.Write("ready`t1`t$env:PWSH_POOL_TOKEN`t$PSHOME`n")
    $writer.Flush()

    # Without a task the pool just closes the connection.
    $line = [System.IO.StreamReader]::new($pipe).ReadLine()
    if (!$line) { [Environment]::Exit(0) }

    # `run`, the folder if it is another one, then a name and a value for each variable, a lone % to remove it. All fields are percent-encoded.
    $fields = $line.Split([char] 9)
    for ($i = 2; $i -lt $fields.Length; $i += 2) {
        $value = $fields[$i + 1]
        if ($value -eq '%') { $value = $null } else { $value = [Uri]::UnescapeDataString($value) }
        [Environment]::SetEnvironmentVariable([Uri]::UnescapeDataString($fields[$i]), $value)
    }
    if ($fields[1]) {
        [Environment]::CurrentDirectory = [Uri]::UnescapeDataString($fields[1])
        $folder = [System.Management.Automation.WildcardPattern]::Escape([Environment]::CurrentDirectory)
        $null = $ExecutionContext.SessionState.Path.SetLocation($folder)
    }

    $writer.Write("started`n")
    $writer.Flush()
    $pipe.Dispose()
}
catch {
    [Console]::Error.WriteLine("The worker could not take its task: $_")
    [Environment]::Exit(1)
}
$ExecutionContext.SessionState.PSVariable.Remove('global:LASTEXITCODE')
$global:Error.Clear()
