# Stands for a module that takes long to import.
$script:importedIn = $PID

function Get-Greeting {
    param([Parameter(Mandatory)] [string] $Name)

    "Hello $Name, from the module that was imported in process $script:importedIn"
}
