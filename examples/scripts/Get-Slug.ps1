function Get-Slug {
    param([Parameter(Mandatory)] [string] $Text)

    ($Text.ToLowerInvariant() -replace '[^\p{L}\p{N}]+', '-').Trim('-')
}
