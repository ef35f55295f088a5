# Lists the processes of Windows, for src/powershell/process-lister.ts, which has it run for each list by one PowerShell: a line for each process, its fields
# separated by tabs, then `end` or `failed` with the number of the list. It needs no module: below a pwsh, Windows PowerShell would find pwsh's.
# Windows PowerShell 5.1 reads this file too.
param([string] $Number)

$ErrorActionPreference = 'Stop'
$text = [System.Text.StringBuilder]::new()
try {
    $query = 'SELECT ProcessId, ParentProcessId, CreationDate, Name FROM Win32_Process'
    $found = [System.Management.ManagementObjectSearcher]::new($query).Get()
    foreach ($process in $found) {
        # ASCII alone, whatever the code page of the console is.
        $name = [Uri]::EscapeDataString("$($process['Name'])")
        $null = $text.Append("$($process['ProcessId'])`t$($process['ParentProcessId'])`t$($process['CreationDate'])`t$name`n")
        $process.Dispose()
    }
    $found.Dispose()
    $null = $text.Append("end`t$Number`n")
}
catch {
    $text = "failed`t$Number`t$([Uri]::EscapeDataString("$_"))`n"
}
# PowerShell may have written something to the terminal by itself, without an end of the line.
[Console]::Out.Write("`n$text")
[Console]::Out.Flush()
