# What belongs to the process and not to a runspace: taken down once, put back after each task.
$rawStreams = [Console]::OpenStandardOutput(), [Console]::OpenStandardError()
$baseEnvironment = [Environment]::GetEnvironmentVariables()
$baseFolder = [Environment]::CurrentDirectory
# As a step has it on Windows, where both would be the code page of old; `boot.ps1` does the same for a single task.
$isRecoded = [Console]::OutputEncoding.CodePage -ne 65001
if ($isRecoded) { [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false) }
if ([Console]::InputEncoding.CodePage -ne 65001) { [Console]::InputEncoding = [System.Text.UTF8Encoding]::new($false) }
$outputEncoding = [Console]::OutputEncoding
$inputEncoding = [Console]::InputEncoding
$consoleOut = [Console]::Out
$consoleError = [Console]::Error
$defaultCulture = [System.Globalization.CultureInfo]::DefaultThreadCurrentCulture
$defaultUICulture = [System.Globalization.CultureInfo]::DefaultThreadCurrentUICulture

# A reader that has been read to its end, closed or replaced is forgotten: .NET then makes another one. Names as of .NET 10 and .NET Framework.
$readerField = [Console].GetField('s_in', [System.Reflection.BindingFlags] 'Static, NonPublic')
if (-not $readerField) { $readerField = [Console].GetField('_in', [System.Reflection.BindingFlags] 'Static, NonPublic') }

# $PSStyle is one object of the process, and so is the host. Each entry is an object, one of its properties, and its value. What cannot be read, such
# as a size where there is no console, is left out.
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

# As ready.ps1 has it: three lists, each with an empty line as its end. A plain $null would be taken for an empty value.
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

# Bytes of memory, threads, open handles. They are counted now and then only, because that costs more than a short task.
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

# A change of the encoding makes .NET replace the console's writers. One that was put in their place by hand it keeps for ever, and follows no
# change of the encoding any more: nothing can be printed as it should in such a process.
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
