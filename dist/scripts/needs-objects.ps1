# Puts the objects that needed tasks emitted into `$needs`. Each line of the file has the id of the need, the position in it if it is a group, the number
# of objects that were dropped, and the objects as CLIXML. It is a separate script, so that the task finds no other variable than `$needs`.
param($Needs, [string] $File)

foreach ($line in [System.IO.File]::ReadLines($File)) {
    $id, $position, $leftOut, $objects = $line.Split("`t")
    $need = $Needs[$id]
    if ($position) { $need = $need[[int] $position] }
    $need['objects'] = @([System.Management.Automation.PSSerializer]::Deserialize($objects))
    $need['objectsLeftOut'] = [int] $leftOut
}
