param(
    [Parameter(Mandatory)] [string] $Region,
    [int] $Replicas = 1,
    [string] $Version
)

"Deploying $Version to $Region"
if ($Region -eq 'us-east' -and $env:PWSH_POOL_ATTEMPT -eq 1) { throw "gateway timeout in $Region" }
foreach ($replica in 1..$Replicas) {
    Start-Sleep -Milliseconds 200
    "  replica $replica of $Replicas is up"
}
Add-Content -Path $env:GITHUB_OUTPUT -Value "url=https://$Region.example.com"
