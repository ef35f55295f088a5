# The first script in a worker, if there is something to prepare: on Windows it sets the encodings of the worker's output and of pipes to native commands;
# then it imports the modules for the task.
# Windows PowerShell 5.1 reads this file too.
param([object[]] $Modules)

$ErrorActionPreference = 'Stop'
if ([Console]::OutputEncoding.CodePage -ne 65001) {
    [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
    $global:OutputEncoding = [Console]::OutputEncoding
}
if ([Console]::InputEncoding.CodePage -ne 65001) { [Console]::InputEncoding = [System.Text.UTF8Encoding]::new($false) }

# Each module is a name, a path, or a module specification.
foreach ($module in $Modules) {
    if ($module -is [string]) { Import-Module -Name $module -Global }
    else { Import-Module -FullyQualifiedName $module -Global }
}
