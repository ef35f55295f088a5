# State of the process, not of a runspace: saved once, and restored after each task.
$rawStreams = [Console]::OpenStandardOutput(), [Console]::OpenStandardError()
$baseEnvironment = [Environment]::GetEnvironmentVariables()
$baseFolder = [Environment]::CurrentDirectory
# As in a step on Windows, where both encodings would otherwise be the legacy code page; `boot.ps1` does the same for a single task.
$isRecoded = [Console]::OutputEncoding.CodePage -ne 65001
if ($isRecoded) { [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false) }
if ([Console]::InputEncoding.CodePage -ne 65001) { [Console]::InputEncoding = [System.Text.UTF8Encoding]::new($false) }
$outputEncoding = [Console]::OutputEncoding
$inputEncoding = [Console]::InputEncoding
$consoleOut = [Console]::Out
$consoleError = [Console]::Error
$defaultCulture = [System.Globalization.CultureInfo]::DefaultThreadCurrentCulture
$defaultUICulture = [System.Globalization.CultureInfo]::DefaultThreadCurrentUICulture

# Forgets a reader that was read to its end, closed or replaced; .NET then creates another one. Names as of .NET 10 and .NET Framework.
$readerField = [Console].GetField('s_in', [System.Reflection.BindingFlags] 'Static, NonPublic')
if (-not $readerField) { $readerField = [Console].GetField('_in', [System.Reflection.BindingFlags] 'Static, NonPublic') }

# $PSStyle and the host are shared by the whole process. Each entry is an object, one of its properties, and its value. Properties that cannot be read, such
# as a size without a console, are skipped.
$hostNames = 'WindowTitle', 'ForegroundColor', 'BackgroundColor'
if ([Environment]::OSVersion.Platform -eq 'Win32NT') { $hostNames += 'BufferSize' }
$properties = @(
    $parts = @($Host.UI.RawUI)
    if ($Host.PrivateData) { $parts += $Host.PrivateData.PSObject.BaseObject }
    if ($PSStyle) { $parts += $PSStyle, $PSStyle.Formatting, $PSStyle.Progress, $PSStyle.FileInfo }
    foreach ($part in $parts) {
        foreach ($property in $part.GetType().GetProperties()) {
            if (-not $property.CanWrite -or -not $property.CanRead) { continue }
            if ([object]::ReferenceEquals($part, $Host.UI.RawUI) -and $hostNames -notcontains $property.Name) { continue }
            try { , @($part, $property, $property.GetValue($part)) } catch { }
        }
    }
)
$extensionStyles = @{}
if ($PSStyle) { foreach ($name in $PSStyle.FileInfo.Extension.Keys) { $extensionStyles[$name] = $PSStyle.FileInfo.Extension[$name] } }

function Write-Mark([byte[]] $mark) {
    $consoleOut.Flush()
    $consoleError.Flush()
    foreach ($stream in $rawStreams) {
        $stream.Write($mark, 0, $mark.Length)
        $stream.Flush()
    }
}

# Three lists as in ready.ps1, each ended by an empty line. A plain $null would be converted to an empty value.
$none = [NullString]::Value
function Set-TaskEnvironment([System.IO.StreamReader] $reader) {
    while ($name = $reader.ReadLine()) { [Environment]::SetEnvironmentVariable($name, $none) }
    while ($name = $reader.ReadLine()) { [Environment]::SetEnvironmentVariable($name, $reader.ReadLine()) }
    while ($name = $reader.ReadLine()) {
        $value = $reader.ReadLine()
        if ($value -eq '%') { $value = $none } else { $value = [Uri]::UnescapeDataString($value) }
        [Environment]::SetEnvironmentVariable([Uri]::UnescapeDataString($name), $value)
    }
}

function Restore-Process {
    $now = [Environment]::GetEnvironmentVariables()
    foreach ($name in $now.Keys) {
        if (-not $baseEnvironment.ContainsKey($name)) { [Environment]::SetEnvironmentVariable($name, $none) }
    }
    foreach ($name in $baseEnvironment.Keys) {
        $value = $baseEnvironment[$name]
        if (-not [string]::Equals($now[$name], $value)) { [Environment]::SetEnvironmentVariable($name, $value) }
    }
    [Environment]::CurrentDirectory = $baseFolder
    if (-not $outputEncoding.Equals([Console]::OutputEncoding)) { [Console]::OutputEncoding = $outputEncoding }
    if (-not $inputEncoding.Equals([Console]::InputEncoding)) { [Console]::InputEncoding = $inputEncoding }
    [System.Globalization.CultureInfo]::DefaultThreadCurrentCulture = $defaultCulture
    [System.Globalization.CultureInfo]::DefaultThreadCurrentUICulture = $defaultUICulture
    [Environment]::ExitCode = 0
    if ($readerField) { $readerField.SetValue($null, $null) }
    foreach ($entry in $properties) {
        if (-not [object]::Equals($entry[1].GetValue($entry[0]), $entry[2])) { $entry[1].SetValue($entry[0], $entry[2]) }
    }
    Restore-ExtensionStyles
}

function Restore-ExtensionStyles {
    if (-not $PSStyle) { return }
    $extensions = $PSStyle.FileInfo.Extension
    foreach ($name in @($extensions.Keys)) { if (-not $extensionStyles.ContainsKey($name)) { $null = $extensions.Remove($name) } }
    foreach ($name in $extensionStyles.Keys) {
        if (-not $extensions.ContainsKey($name)) { $extensions.Add($name, $extensionStyles[$name]) }
        elseif ($extensions[$name] -cne $extensionStyles[$name]) { $extensions[$name] = $extensionStyles[$name] }
    }
}

# Bytes of memory, threads, open handles. They are not counted for every task, because that takes longer than a short task.
$usageEvery = 25
$usageCountdown = 0
$usage = ''
function Get-Usage {
    if ($usageCountdown -le 0) {
        $script:usageCountdown = $usageEvery
        $process = [System.Diagnostics.Process]::GetCurrentProcess()
        $script:usage = "$($process.WorkingSet64)`t$($process.Threads.Count)`t$($process.HandleCount)"
        $process.Dispose()
    }
    $script:usageCountdown--
    $usage
}

# When the encoding changes, .NET replaces the writers of the console, but not a writer that was set explicitly: it is kept for the life of the process and
# does not follow the encoding. Output cannot be correct in such a process.
function Get-ProcessDirt {
    if ([object]::ReferenceEquals([Console]::Out, $consoleOut) -and [object]::ReferenceEquals([Console]::Error, $consoleError)) { return }
    $out = [Console]::Out
    $err = [Console]::Error
    [Console]::OutputEncoding = [System.Text.Encoding]::ASCII
    [Console]::OutputEncoding = $outputEncoding
    if ([object]::ReferenceEquals([Console]::Out, $out) -or [object]::ReferenceEquals([Console]::Error, $err)) { return 'console-replaced' }
    $script:consoleOut = [Console]::Out
    $script:consoleError = [Console]::Error
}
