# The first thing in a worker, where anything is to be prepared: on Windows the encodings of what it prints and of what native commands are told by a
# pipe, then the modules that its task is to find.
# Windows PowerShell 5.1 reads this file too.
param([object[]] $Modules)

$ErrorActionPreference = 'Stop'
if ([Console]::OutputEncoding.CodePage -ne 65001) {
    [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
    $global:OutputEncoding = [Console]::OutputEncoding
}
if ([Console]::InputEncoding.CodePage -ne 65001) { [Console]::InputEncoding = [System.Text.UTF8Encoding]::new($false) }

# Each is a name, a path, or a module specification.
foreach ($module in $Modules) {
    if ($module -is [string]) { Import-Module -Name $module -Global }
    else { Import-Module -FullyQualifiedName $module -Global }
}
