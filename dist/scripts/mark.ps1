# Runs after modules and setup: what has been printed so far does not belong to the task. The pool cuts it off at this mark, on each stream separately. The
# mark goes to the raw streams, because setup may have replaced the writers of the console. Windows PowerShell 5.1 reads this file too.
[Console]::Out.Flush()
[Console]::Error.Flush()
$mark = [System.Text.Encoding]::ASCII.GetBytes("$([char] 0x1e)$env:PWSH_POOL_TOKEN")
foreach ($stream in [Console]::OpenStandardOutput(), [Console]::OpenStandardError()) {
    $stream.Write($mark, 0, $mark.Length)
    $stream.Flush()
}
