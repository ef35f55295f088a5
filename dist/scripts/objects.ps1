# Keeps what a task emits on its success stream as objects. A task with `objects: true` is called as
#   . 'task.ps1' | & (& 'objects.ps1') 'FILE'
# where this script returns the function on the right, which passes everything on unchanged. The name of the function matters: a native command inherits
# the worker's own output if the command after the script is named Out-Default (CalculateIORedirection in NativeCommandProcessor.cs). The task does not
# see the function. docs/objects.md says what an object looks like in the file. Windows PowerShell 5.1 reads this script too.
#
# The file begins with a line of ten digits, the number of objects that were dropped; then each object is a line of JSON. This script calls no command,
# because a task may have replaced it, and runs no code of the task except getters of its .NET types. All of it is hidden from Set-PSDebug.
function Out-Default {
    [System.Diagnostics.DebuggerHidden()] param([string] $File)
    begin {
        $limits = @{
            # Most bytes in the file, and therefore most characters in one object.
            Bytes = 1048576
            Depth = 10
            # Most properties of .NET objects that are read in one object; if it has more, objects of its type are read less deeply.
            Getters = 1000
            # Most values in all objects, which limits the time too.
            Values = 500000
            # Time limit for getters of assemblies other than those of PowerShell and .NET, in milliseconds.
            Wait = 10000
        }
        $run = @{Values = 0; Getters = 0; IsFull = $false; IsOver = $false; IsDeep = $false}
        $mostBytes, $used, $leftOut, $isFull = $limits.Bytes, 0, 0, $false
        $formatting = 'Microsoft.PowerShell.Commands.Internal.Format.'
        $json = [System.Text.StringBuilder]::new()
        $utf8 = [System.Text.UTF8Encoding]::new($false)
        $rare = [regex]::new('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
        $names = [hashtable]::new([System.StringComparer]::Ordinal)
        $kinds = [hashtable]::new([System.StringComparer]::Ordinal)
        $depths = [hashtable]::new([System.StringComparer]::Ordinal)
        $machinery = [System.Reflection.MemberInfo], [System.Reflection.Assembly], [System.Reflection.Module], [System.Delegate], [scriptblock],
            [System.Management.Automation.Language.Ast], [System.Management.Automation.CommandInfo], [psmoduleinfo], [System.Threading.Thread],
            [System.Management.Automation.ProviderInfo], [System.Management.Automation.PSDriveInfo], [System.Management.Automation.SessionState]
        $invariant = [cultureinfo]::InvariantCulture
        $fullName = [System.IO.Path]::GetFullPath($PSHOME)
        $readValue = [System.Delegate]::CreateDelegate([System.Func[object, object]],
            [System.Management.Automation.PSPropertyInfo].GetProperty('Value'),
            [System.Reflection.PropertyInfo].GetMethod('GetValue', [type[]] @([object])))

        # Removes a caught error from $Error, which belongs to the task.
        $forget = {
            [System.Diagnostics.DebuggerHidden()] param($Caught)
            if ($global:Error.Count -gt 0 -and [object]::ReferenceEquals($global:Error[0].Exception, $Caught.Exception)) { $global:Error.RemoveAt(0) }
        }

        $quote = {
            [System.Diagnostics.DebuggerHidden()] param([string] $Text)
            if ($Text.Length -gt $limits.Bytes) {
                $run.IsOver = $true
                return '""'
            }
            $Text = $Text.Replace('\', '\\').Replace('"', '\"')
            if (-not $rare.IsMatch($Text)) { return '"' + $Text + '"' }
            $escaped = [System.Text.StringBuilder]::new('"')
            $start = 0
            foreach ($match in $rare.Matches($Text)) {
                $null = $escaped.Append($Text, $start, $match.Index - $start).Append('\u').Append(([int] $Text[$match.Index]).ToString('x4'))
                $start = $match.Index + 1
            }
            return $escaped.Append($Text, $start, $Text.Length - $start).Append('"').ToString()
        }

        # Whether a type is a collection, another sequence or neither, and whether its code belongs to PowerShell or .NET.
        $describe = {
            [System.Diagnostics.DebuggerHidden()] param([type] $Type)
            $kind = 'object'
            if ([System.Collections.ICollection].IsAssignableFrom($Type) -or $Type.GetInterface('System.Collections.Generic.ICollection`1') -or
                $Type.GetInterface('System.Collections.Generic.IReadOnlyCollection`1')) { $kind = 'collection' }
            elseif ([System.Collections.IEnumerable].IsAssignableFrom($Type)) { $kind = 'sequence' }
            # Objects of the runtime are not data, and with everything they refer to they would be huge.
            foreach ($part in $machinery) { if ($part.IsAssignableFrom($Type)) { $kind = 'text' } }
            $isOwn = $true
            if ($Type.Assembly.IsDynamic -or [System.Threading.Tasks.Task].IsAssignableFrom($Type) -or $Type.Name -eq 'Lazy`1') { $isOwn = $false }
            else {
                $folder = [System.IO.Path]::GetDirectoryName($Type.Assembly.Location)
                $isOwn = $folder -eq $fullName -or $Type.Assembly.GlobalAssemblyCache
            }
            $kinds[$Type.AssemblyQualifiedName] = @{Kind = $kind; IsOwn = $isOwn}
            return $kinds[$Type.AssemblyQualifiedName]
        }

        # The value of a computed property of a .NET object; null if the getter fails. Code of other assemblies runs on its own thread with a time limit.
        $read = {
            [System.Diagnostics.DebuggerHidden()] param($Property, [bool] $IsOwn)
            $run.Getters++
            if ($run.Getters -gt $limits.Getters) {
                $run.IsDeep = $true
                return $null
            }
            if ($IsOwn) {
                try { return , $Property.Value }
                catch {
                    & $forget $_
                    return $null
                }
            }
            $task = [System.Threading.Tasks.Task[object]]::Factory.StartNew($readValue, $Property)
            if ([System.Threading.Tasks.Task]::WaitAny([System.Threading.Tasks.Task[]] @($task), $limits.Wait) -lt 0) {
                $run.IsOver = $run.IsFull = $true
                return $null
            }
            if ($task.IsFaulted) {
                $null = $task.Exception
                return $null
            }
            return , $task.Result
        }

        $write = {
            [System.Diagnostics.DebuggerHidden()] param($Value, [int] $Depth, [int] $Deepest)
            $run.Values++
            if ($run.Values -gt $limits.Values) { $run.IsOver = $run.IsFull = $true }
            if ($json.Length -gt $limits.Bytes) { $run.IsOver = $true }
            if ($run.IsOver -or $run.IsDeep) { return }
            if ($null -eq $Value -or $Value -is [System.DBNull]) { $null = $json.Append('null'); return }
            if ($Value -is [string] -or $Value -is [char] -or $Value -is [guid]) { $null = $json.Append((& $quote $Value.ToString())); return }
            if ($Value -is [bool]) {
                if ($Value) { $null = $json.Append('true') } else { $null = $json.Append('false') }
                return
            }
            if ($Value -is [enum]) {
                $null = $json.Append([System.Convert]::ChangeType($Value, [enum]::GetUnderlyingType($Value.GetType()), $invariant).ToString($invariant))
                return
            }
            if ($Value -is [int] -or $Value -is [long] -or $Value -is [bigint] -or $Value -is [byte] -or $Value -is [sbyte] -or $Value -is [int16] -or
                $Value -is [uint16] -or $Value -is [uint32] -or $Value -is [uint64] -or $Value -is [decimal]) {
                $null = $json.Append($Value.ToString($invariant))
                return
            }
            if ($Value -is [double] -or $Value -is [single]) {
                $digits = $Value.ToString('R', $invariant)
                if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) { $digits = '"' + $digits + '"' }
                elseif ($digits.IndexOfAny([char[]] '.E') -lt 0) { $digits += '.0' }
                $null = $json.Append($digits)
                return
            }
            if ($Value -is [datetime]) { $null = $json.Append('"' + $Value.ToString('yyyy-MM-ddTHH:mm:ss.FFFFFFFK', $invariant) + '"'); return }
            if ($Value -is [System.DateTimeOffset]) { $null = $json.Append('"' + $Value.ToString('yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz', $invariant) + '"'); return }
            if ($Value -is [uri]) { $null = $json.Append((& $quote $Value.OriginalString)); return }

            $type = $Value.psobject.BaseObject.GetType()
            $known = $kinds[$type.AssemblyQualifiedName]
            if ($null -eq $known) { $known = & $describe $type }
            $isMap = $Value -is [System.Collections.IDictionary]
            if (-not $isMap -and $known.Kind -eq 'sequence') { $null = $json.Append((& $quote $type.FullName)); return }
            if ($Depth -gt $Deepest -or $known.Kind -eq 'text') {
                try { $text = [System.Management.Automation.LanguagePrimitives]::ConvertTo($Value, [string], $invariant) }
                catch {
                    & $forget $_
                    $text = $type.FullName
                }
                $null = $json.Append((& $quote $text))
                return
            }

            if (-not $isMap -and $known.Kind -eq 'collection') {
                $null = $json.Append('[')
                $isFirst = $true
                foreach ($item in $Value.psobject.BaseObject) {
                    if (-not $isFirst) { $null = $json.Append(',') }
                    $isFirst = $false
                    & $write $item ($Depth + 1) $Deepest
                    if ($run.IsOver -or $run.IsDeep) { return }
                }
                $null = $json.Append(']')
                return
            }

            $null = $json.Append('{')
            $isFirst = $true
            if ($isMap) { $pairs = $Value.psobject.BaseObject.GetEnumerator() } else { $pairs = $Value.psobject.Properties }
            foreach ($pair in $pairs) {
                if ($isMap) {
                    $name = [string] $pair.Key
                    $part = $pair.Value
                }
                elseif ($pair -is [psnoteproperty]) {
                    $name = $pair.Name
                    $part = $pair.Value
                }
                else {
                    $name = $pair.Name
                    $origin = $pair
                    if ($pair -is [psaliasproperty]) { $origin = $Value.psobject.Properties[$pair.ReferencedMemberName] }
                    if ($origin -is [psnoteproperty]) { $part = $origin.Value }
                    elseif ($origin -is [System.Management.Automation.PSProperty]) { $part = & $read $origin $known.IsOwn }
                    elseif ($origin -is [System.Management.Automation.PSCodeProperty]) {
                        $part = & $read $origin ($known.IsOwn -and $origin.GetterCodeReference.DeclaringType.Assembly -eq [psobject].Assembly)
                    }
                    # Script properties are not evaluated, because their code would run again.
                    else { continue }
                }
                $field = $names[$name]
                if ($null -eq $field) {
                    $field = (& $quote $name) + ':'
                    if ($names.Count -lt 10000) { $names[$name] = $field }
                }
                if (-not $isFirst) { $null = $json.Append(',') }
                $isFirst = $false
                $null = $json.Append($field)
                if ($part -is [string] -and $part.Length -lt 65536 -and -not $rare.IsMatch($part)) {
                    # The most common case, without a call.
                    $null = $json.Append('"').Append($part.Replace('\', '\\').Replace('"', '\"')).Append('"')
                }
                elseif ($part -is [int]) { $null = $json.Append($part) }
                elseif ($part -is [bool]) { if ($part) { $null = $json.Append('true') } else { $null = $json.Append('false') } }
                elseif ($null -eq $part) { $null = $json.Append('null') }
                else {
                    & $write $part ($Depth + 1) $Deepest
                    if ($run.IsOver) { return }
                }
                # This property is too large, by itself or with those before it.
                if ($run.IsDeep) { return }
            }
            $null = $json.Append('}')
        }

        # The object as a line of the file; null if it is dropped.
        $lineOf = {
            [System.Diagnostics.DebuggerHidden()] param($Value)
            $type = ''
            if ($null -ne $Value) { $type = [string] $Value.psobject.TypeNames[0] }
            $deepest = $limits.Depth
            if ($depths.ContainsKey($type)) { $deepest = $depths[$type] }
            while ($true) {
                $null = $json.Clear()
                $run.Getters = 0
                $run.IsDeep = $run.IsOver = $false
                & $write $Value 0 $deepest
                if ($run.IsOver) { return $null }
                if (-not $run.IsDeep) { return $json.Append("`n").ToString() }
                if ($deepest -eq 0) { return $null }
                if ($deepest -gt 3) { $deepest = 3 } elseif ($deepest -gt 1) { $deepest = 1 } else { $deepest = 0 }
                if ($depths.Count -lt 1000) { $depths[$type] = $deepest }
            }
        }

        $stream = $null
        try {
            $stream = [System.IO.FileStream]::new($File, 'Create', 'Write', 'ReadWrite, Delete', 1)
            $bytes = $utf8.GetBytes("0000000000`n")
            $stream.Write($bytes, 0, $bytes.Length)
        }
        catch { & $forget $_ }
    }
    process {
        try {
            # Output of Format commands is not data.
            if ($null -ne $stream -and ($null -eq $_ -or -not $_.GetType().FullName.StartsWith($formatting, 'Ordinal'))) {
                $line = $null
                if (-not $isFull) {
                    # A frequent case, possibly a million times, without a call.
                    if ($_ -is [int]) { $line = $_.ToString($invariant) + "`n" }
                    elseif ($_ -is [string] -and $_.Length -lt 65536 -and -not $rare.IsMatch($_)) {
                        $line = '"' + $_.Replace('\', '\\').Replace('"', '\"') + "`"`n"
                    }
                    else {
                        $item = $_
                        try { $line = & $lineOf $item } catch { & $forget $_ }
                        $isFull = $run.IsFull
                    }
                }
                $isKept = $false
                if ($null -ne $line) {
                    $bytes = $utf8.GetBytes($line)
                    if ($used + $bytes.Length -le $mostBytes) {
                        $stream.Write($bytes, 0, $bytes.Length)
                        $used += $bytes.Length
                        $isKept = $true
                    }
                    # An object that is too large by itself is dropped alone; if one does not fit into the rest of the file, all later ones are dropped too.
                    elseif ($bytes.Length -le $mostBytes) { $isFull = $true }
                }
                if (-not $isKept) {
                    $leftOut++
                    $stream.Position = 0
                    $bytes = $utf8.GetBytes($leftOut.ToString('d10', $invariant))
                    $stream.Write($bytes, 0, $bytes.Length)
                    $null = $stream.Seek(0, 'End')
                }
            }
        }
        catch { & $forget $_ }
        , $_
    }
    end {
        if ($null -ne $stream) { $stream.Dispose() }
    }
}
$ExecutionContext.InvokeCommand.GetCommand('Out-Default', 'Function')
