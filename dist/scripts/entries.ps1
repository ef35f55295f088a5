# Runs the script that makes a task list, and writes its output as YAML to a file, with one entry on each line and exact numbers. ConvertTo-Json would
# lose large integers, and much more in Windows PowerShell 5.1, which reads this file too.
param([string] $PwshPoolScript, [string] $PwshPoolEntries)

# Comes first, so that the script finds nothing that is defined below.
$PwshPoolObjects = @(& $PwshPoolScript)

function Stop-Conversion([string] $Place, [string] $Problem) {
    throw [System.NotSupportedException]::new("${Place}: $Problem")
}

# Rare characters: control characters, halves of surrogate pairs, line separators and invisible characters.
$PwshPoolRare = [regex]::new('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')
# Names in the form in which maps are written; consecutive entries usually have the same names.
$PwshPoolNames = [hashtable]::new([System.StringComparer]::Ordinal)

function ConvertTo-Escaped([string] $Text) {
    $escaped = [System.Text.StringBuilder]::new($Text.Length * 2)
    $start = 0
    foreach ($match in $PwshPoolRare.Matches($Text)) {
        $null = $escaped.Append($Text, $start, $match.Index - $start).Append('\u').Append(([int] $Text[$match.Index]).ToString('x4'))
        $start = $match.Index + 1
    }
    return $escaped.Append($Text, $start, $Text.Length - $start).ToString()
}

function ConvertTo-Quoted([string] $Text) {
    $quoted = $Text.Replace('\', '\\').Replace('"', '\"').Replace("`n", '\n').Replace("`r", '\r').Replace("`t", '\t')
    if ($PwshPoolRare.IsMatch($quoted)) { $quoted = ConvertTo-Escaped $quoted }
    return '"' + $quoted + '"'
}

function ConvertTo-Name([string] $Name) {
    $field = (ConvertTo-Quoted $Name) + ': '
    $PwshPoolNames[$Name] = $field
    return $field
}

# A double remains a double: 1.0 is not 1.
function ConvertTo-Real([string] $Digits) {
    switch ($Digits) {
        'NaN' { return '.nan' }
        'Infinity' { return '.inf' }
        '-Infinity' { return '-.inf' }
    }
    if ($Digits -match '[.E]') { return $Digits }
    return "$Digits.0"
}

# Converts each value to text. `$Place`: position of the only value, or empty for the entries. One loop converts all entries, with maps and text converted
# without a call, because calls take most of the time.
function ConvertTo-Maps($Values, [string] $Place, [int] $Depth) {
    # Local variables are found faster.
    $names, $rare, $number = $PwshPoolNames, $PwshPoolRare, 0
    foreach ($value in $Values) {
        $number++
        $isDictionary = $value -is [System.Collections.IDictionary]
        if ($isDictionary) { $pairs = $value.GetEnumerator() }
        elseif ($value -is [System.Management.Automation.PSCustomObject]) { $pairs = $value.PSObject.Properties }
        else {
            ConvertTo-Value $value "entry $number" $Depth
            continue
        }
        $map = [System.Text.StringBuilder]::new('{')
        foreach ($pair in $pairs) {
            if ($isDictionary) { $name = [string] $pair.Key } else { $name = $pair.Name }
            $field = $names[$name]
            if ($null -eq $field) { $field = ConvertTo-Name $name }
            if ($map.Length -gt 1) { $null = $map.Append(', ') }
            $part = $pair.Value
            if ($part -is [string]) {
                $part = $part.Replace('\', '\\').Replace('"', '\"').Replace("`n", '\n').Replace("`r", '\r').Replace("`t", '\t')
                if ($rare.IsMatch($part)) { $part = ConvertTo-Escaped $part }
                $null = $map.Append($field).Append('"').Append($part).Append('"')
            }
            else {
                $own = if ($Place -eq '') { "entry $number, $name" } else { "$Place, $name" }
                $null = $map.Append($field).Append((ConvertTo-Value $part $own ($Depth + 1)))
            }
        }
        $map.Append('}').ToString()
    }
}

function ConvertTo-Value($Value, [string] $Place, [int] $Depth) {
    $invariant = [cultureinfo]::InvariantCulture
    if ($Depth -gt 200) { Stop-Conversion $Place.Substring(0, 80) 'nested deeper than 200 levels, or in itself' }
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [string]) { return ConvertTo-Quoted $Value }
    if ($Value -is [System.Collections.IDictionary] -or $Value -is [System.Management.Automation.PSCustomObject]) {
        return ConvertTo-Maps (, $Value) $Place $Depth
    }
    if ($Value -is [bool] -or $Value -is [switch]) { if ($Value) { return 'true' } else { return 'false' } }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [bigint] -or $Value -is [byte] -or $Value -is [sbyte] -or
        $Value -is [int16] -or $Value -is [uint16] -or $Value -is [uint32] -or $Value -is [uint64]) { return $Value.ToString($invariant) }
    if ($Value -is [double] -or $Value -is [single]) { return ConvertTo-Real $Value.ToString('R', $invariant) }
    if ($Value -is [decimal]) { return ConvertTo-Real $Value.ToString($invariant) }
    if ($Value -is [System.IO.FileSystemInfo]) { return ConvertTo-Quoted $Value.FullName }
    if ($Value -is [scriptblock] -or $Value -is [char] -or $Value -is [uri] -or $Value -is [version]) { return ConvertTo-Quoted $Value.ToString() }
    if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) { return ConvertTo-Quoted $Value.ToString('o', $invariant) }
    if ($Value -is [System.IFormattable]) { return ConvertTo-Quoted ([string]::Format($invariant, '{0}', $Value)) }
    if ($Value -is [System.Collections.IEnumerable]) {
        $number = 0
        $items = foreach ($item in $Value) { ConvertTo-Value $item "$Place[$(($number++))]" ($Depth + 1) }
        return '[' + ($items -join ', ') + ']'
    }
    Stop-Conversion $Place "expected text, a number, true, false, null, a list or a map, got a $($Value.GetType().FullName)"
}

try {
    for ($i = 0; $i -lt $PwshPoolObjects.Count; $i++) {
        if ($PwshPoolObjects[$i] -is [System.IO.FileSystemInfo]) {
            Stop-Conversion "entry $($i + 1)" 'expected script text or a map of fields, got a file; to run it, put out @{file = $_}'
        }
    }
    $lines = ConvertTo-Maps $PwshPoolObjects '' 0
}
catch [System.NotSupportedException] {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
}
[System.IO.File]::WriteAllText($PwshPoolEntries, '[' + ($lines -join ",`n") + ']')
