# A warm worker: one process that runs task after task, each in a new runspace (isolation `runspace`) or in one that is reset in between (`none`).
# docs/architecture.md describes the protocol between worker and pool. Windows PowerShell 5.1 reads these files too.
param([string] $Isolation, [object[]] $Modules, [string] $SetupFile)

$ErrorActionPreference = 'Stop'
try {
    . "$PSScriptRoot/warm-console.ps1"
    . "$PSScriptRoot/warm-process.ps1"
    . "$PSScriptRoot/warm-session.ps1"
    . "$PSScriptRoot/warm-reset.ps1"
    . "$PSScriptRoot/warm-task.ps1"
    . "$PSScriptRoot/warm-probe.ps1"
    . "$PSScriptRoot/error-report.ps1"
    $isOnWindows = [Environment]::OSVersion.Platform -eq 'Win32NT'
    if ($isOnWindows) { . "$PSScriptRoot/warm-started.ps1" }
    if ($Isolation -eq 'none') { Open-Session }

    $pipe = [System.IO.Pipes.NamedPipeClientStream]::new($env:PWSH_POOL_ADDRESS)
    $pipe.Connect(10000)
    $writer = [System.IO.StreamWriter]::new($pipe)
    $reader = [System.IO.StreamReader]::new($pipe)
    $writer.Write("ready`t3`t$env:PWSH_POOL_TOKEN`t$PSHOME`t$PID`n")
    $writer.Flush()
    foreach ($name in 'PWSH_POOL_ADDRESS', 'PWSH_POOL_TOKEN') {
        [Environment]::SetEnvironmentVariable($name, [NullString]::Value)
        $baseEnvironment.Remove($name)
    }

    # If there is no other task, the pool closes the connection. Its message is lines: `task`, a nonce, the file, the folder, then the variables.
    while ($reader.ReadLine()) {
        $mark = [System.Text.Encoding]::ASCII.GetBytes("$([char] 0x1e)$($reader.ReadLine())")
        $file = [Uri]::UnescapeDataString($reader.ReadLine())
        try {
            [Environment]::CurrentDirectory = [Uri]::UnescapeDataString($reader.ReadLine())
            Set-TaskEnvironment $reader
            if ($Isolation -eq 'none') { Set-SessionLocation ([Environment]::CurrentDirectory) }
        }
        catch {
            # The requirements of this task cannot be met, which says nothing about other tasks.
            $writer.Write("refused`t$([Uri]::EscapeDataString("$_"))`n")
            $writer.Flush()
            throw
        }
        if ($Isolation -ne 'none') { Open-Session }
        if ($isOnWindows) { Save-Running }
        Write-Mark $mark
        $writer.Write("started`n")
        $writer.Flush()

        $code = Invoke-Task $file
        $report = Get-TaskErrorReport
        $dirt = Close-Task
        Restore-Process
        # A process that has ended by now has printed before the mark.
        $mayHaveStarted = if ($isOnWindows) { Test-Started }
        Write-Mark $mark
        if (-not $dirt) { $dirt = Close-Session }
        $writer.Write("done`t$code`t$(Get-Usage)`t$dirt`t$mayHaveStarted`t$report`n")
        $writer.Flush()
        if ($dirt) { break }
    }
    [Environment]::Exit(0)
}
catch {
    [Console]::SetError($consoleError)
    [Console]::Error.WriteLine("The worker could not go on: $_")
    [Environment]::Exit(1)
}
