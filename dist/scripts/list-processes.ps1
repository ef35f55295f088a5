# Lists the processes on Windows for src/powershell/process-lister.ts. One PowerShell runs it for each list. It prints a line for each process, with fields
# separated by tabs, then `end` or `failed` with the number of the list. It uses no module: started by pwsh, Windows PowerShell would find those of pwsh.
# Windows PowerShell 5.1 reads this file too.
param([string] $Number)

$ErrorActionPreference = 'Stop'
$text = [System.Text.StringBuilder]::new()
try {
    $query = 'SELECT ProcessId, ParentProcessId, CreationDate, Name FROM Win32_Process'
    $found = [System.Management.ManagementObjectSearcher]::new($query).Get()
    foreach ($process in $found) {
        # Pure ASCII, so the code page of the console does not matter.
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
# PowerShell itself may have written text to the terminal without a line end.
[Console]::Out.Write("`n$text")
[Console]::Out.Flush()
