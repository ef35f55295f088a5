. "$PSScriptRoot/../scripts/Split-Batch.ps1"

$batches = @(Split-Batch -Items (1..7) -Size 3)
if ($batches.Count -ne 3) { throw "expected 3 batches, got $($batches.Count)" }
if (($batches | ForEach-Object { $_ -join '' }) -join ' ' -ne '123 456 7') { throw "got $($batches | ForEach-Object { $_ -join '' })" }
'ok: 7 items in batches of 3'
