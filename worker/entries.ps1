# Runs the script that makes a task list, and writes what it puts out as YAML to a file: an entry on each line, in ASCII, exact to the last digit.
# ConvertTo-Json would lose large integers, and in Windows PowerShell 5.1, which reads this file too, much more.
param([string] $PwshPoolScript, [string] $PwshPoolEntries)

# First, so that the script finds nothing of what comes below.
$PwshPoolObjects = @(& $PwshPoolScript)

function Stop-Conversion([string] $Place, [string] $Problem) {
    throw [System.NotSupportedException]::new("${Place}: $Problem")
}

function ConvertTo-Quoted([string] $Text) {
    $escaped = [regex]::Replace($Text, '[^ !#-\[\]-~]', { param($match) '\u{0:x4}' -f [int] [char] $match.Value })
    return '"' + $escaped + '"'
}

# A double stays one: 1.0 is not 1.
function ConvertTo-Real([string] $Digits) {
    switch ($Digits) {
        'NaN' { return '.nan' }
        'Infinity' { return '.inf' }
        '-Infinity' { return '-.inf' }
    }
    if ($Digits -match '[.E]') { return $Digits }
    return "$Digits.0"
}

function ConvertTo-Field([string] $Name, $Value, [string] $Place, [int] $Depth) {
    return (ConvertTo-Quoted $Name) + ': ' + (ConvertTo-Value $Value "$Place, $Name" $Depth)
}

function ConvertTo-Value($Value, [string] $Place, [int] $Depth) {
    $invariant = [cultureinfo]::InvariantCulture
    if ($Depth -gt 200) { Stop-Conversion $Place.Substring(0, 80) 'nested deeper than 200 levels, or in itself' }
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [string]) { return ConvertTo-Quoted $Value }
    if ($Value -is [bool] -or $Value -is [switch]) { if ($Value) { return 'true' } else { return 'false' } }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [bigint] -or $Value -is [byte] -or $Value -is [sbyte] -or
        $Value -is [int16] -or $Value -is [uint16] -or $Value -is [uint32] -or $Value -is [uint64]) { return $Value.ToString($invariant) }
    if ($Value -is [double] -or $Value -is [single]) { return ConvertTo-Real $Value.ToString('R', $invariant) }
    if ($Value -is [decimal]) { return ConvertTo-Real $Value.ToString($invariant) }
    if ($Value -is [System.Collections.IDictionary]) {
        $fields = foreach ($pair in $Value.GetEnumerator()) {
            ConvertTo-Field $pair.Key $pair.Value $Place ($Depth + 1)
        }
        return '{' + ($fields -join ', ') + '}'
    }
    # Before what follows, because a PSObject is formattable too.
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $fields = foreach ($property in $Value.PSObject.Properties) {
            ConvertTo-Field $property.Name $property.Value $Place ($Depth + 1)
        }
        return '{' + ($fields -join ', ') + '}'
    }
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
    $lines = for ($i = 0; $i -lt $PwshPoolObjects.Count; $i++) {
        $place = "entry $($i + 1)"
        if ($PwshPoolObjects[$i] -is [System.IO.FileSystemInfo]) {
            Stop-Conversion $place 'expected script text or a map of fields, got a file; to run it, put out @{file = $_}'
        }
        ConvertTo-Value $PwshPoolObjects[$i] $place 0
    }
}
catch [System.NotSupportedException] {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
}
[System.IO.File]::WriteAllText($PwshPoolEntries, '[' + ($lines -join ",`n") + ']')
