# After modules and setup: all that was printed so far is not the task's. The pool cuts it off at this mark, on each stream by itself. It goes to the
# raw streams, because setup may have replaced the console's writers. Windows PowerShell 5.1 reads this file too.
[Console]::Out.Flush()
[Console]::Error.Flush()
$mark = [System.Text.Encoding]::ASCII.GetBytes("$([char] 0x1e)$env:PWSH_POOL_TOKEN")
foreach ($stream in [Console]::OpenStandardOutput(), [Console]::OpenStandardError()) {
    $stream.Write($mark, 0, $mark.Length)
    $stream.Flush()
}
