function Split-Batch {
    param([object[]] $Items, [int] $Size)

    for ($i = 0; $i -lt $Items.Count; $i += $Size) {
        , @($Items[$i..([Math]::Min($i + $Size, $Items.Count) - 1)])
    }
}
