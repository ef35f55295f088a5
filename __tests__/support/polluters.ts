import type {Isolation} from '../../src/model/task.ts'

/** What a task may leave behind in its worker. */
export interface Polluter {
  readonly name: string
  readonly script: string
  /** The isolations that share it, and how docs/isolation.md names it there; absent where no task is to notice it. */
  readonly shared?: {readonly at: readonly Isolation[]; readonly as: string}
  /** How docs/isolation.md names it for tasks that run at the same time at isolation `thread`; absent where they are not to notice it. */
  readonly beside?: string
  /** Whether it may fail: how it ends is not looked at. */
  readonly fails?: boolean
  /** The code that it ends with; 0 if absent. */
  readonly exitCode?: number
}

/**
 * Prints something on every stream, by every way: cmdlets by their bare names, formatting, cultures, errors, native commands with their three
 * standard streams, tools that are found by a relative PATH, and what can be asked of the session. Its folder has an executable `tools/mytool`.
 */
export const probe = `
'text'
& {
  [pscustomobject]@{Name = 'a'; Number = 1.5; When = [datetime] '2024-02-03'}, [pscustomobject]@{Name = 'b'; Number = 1234567.891; When = $null}
  [pscustomobject]@{A = 1; B = 2; C = 3; D = 4; E = @(1..9)} | Format-List
  @{Key = 'value'}
  Get-Item -LiteralPath tools | Select-Object -Property Name, Mode | Format-Table
  [datetime] '2024-02-03'; [version] '1.2.3'; [timespan] '1.02:03:04'
} | Out-Host
Get-ChildItem -Name
1.5; (1234567.891).ToString('N2'); '{0:d} {0:dddd}' -f [datetime] '2024-02-03'; [double]::Parse('1.5'); 1GB; 'b', 'a', 'ä' | Sort-Object
Write-Host 'host' -ForegroundColor Red
Write-Host 'no line' -NoNewline; Write-Host ' end'
Write-Output 'output' | Out-Default
Write-Warning 'warning'
Write-Verbose 'verbose' -Verbose; Write-Verbose 'not shown'
Write-Debug 'debug' -Debug; Write-Debug 'not shown'
Write-Information 'information' -InformationAction Continue; Write-Information 'not shown'
Write-Progress -Activity 'progress' -Status 'status'
Write-Error 'error' -ErrorAction Continue
Get-Item -LiteralPath nowhere -ErrorAction Continue
Get-Item -LiteralPath nowhere -ErrorAction SilentlyContinue; "[$?]"
& { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')] param() if ($PSCmdlet.ShouldProcess('target')) { 'processed' } }
'piped ä€' | sh -c 'IFS= read -r line; echo "$line"; printf "%s|" "$@"; umask; echo "\${PWD##*/}" | cut -c1-5; echo native error >&2; exit 3' sh 'a b' '' 'c"d' '*'
"$LASTEXITCODE $?"
$captured = sh -c 'printf "captured ä€"; read -r line || printf " at its end"'; $captured; $captured.Length
$global:LASTEXITCODE = 0
[Console]::WriteLine('console ä€'); [Console]::Error.WriteLine('console error ä€'); "[$([Console]::In.ReadToEnd())]"
"$([Console]::OutputEncoding.WebName) $([Console]::InputEncoding.WebName) $($OutputEncoding.WebName)"
$env:PATH = "./tools$([IO.Path]::PathSeparator)$env:PATH"
mytool
. { echo 'by alias'; dir -Name | select -First 1; 1, 2 | % { $_ } | ? { $_ -gt 1 } }
@{b = 1} | ConvertTo-Json -Compress; Get-Content -LiteralPath tools/mytool | Measure-Object -Line | ForEach-Object Lines
(Get-Command -Name Test-Path, Write-Host, Out-Default, ForEach-Object | ForEach-Object { "$($_.CommandType)" }) -join ' '
Test-Path -LiteralPath tools; Join-Path 'a' 'b'; (Get-Date -Year 2024 -Month 2 -Day 3).Month; ('b', 'a' | Group-Object).Count
"$([bool] ($PWD.ProviderPath -eq [Environment]::CurrentDirectory)) $($PWD.Provider.Name) $(@(Get-Location -Stack).Count) $((Get-Location -Stack).Count)"
(Get-PSDrive | Sort-Object Name).Name -join ' '
(Get-Alias -Name cat, echo, gci, where, mine -ErrorAction Ignore | ForEach-Object { "$($_.Name)=$($_.Definition)" }) -join ' '
(Get-Item -Path Function:/prompt, Function:/cd.., Function:/oss, Function:/TabExpansion2 | ForEach-Object { "$_".Length }) -join ' '
(Get-Variable -Name *Preference, PSNative*, PSSession*, Format*, Max*, ErrorView, OFS, PSDefault*, Mine* -ErrorAction Ignore | Sort-Object Name | ForEach-Object { "$($_.Name)=$($_.Value)[$($_.Options)]" }) -join ' '
"[$Mine][$($null.nothing)][$notSet][$_][$($Error.Count)][$([bool] $StackTrace)]"
"$([cultureinfo]::CurrentCulture)|$([cultureinfo]::CurrentUICulture)|$([cultureinfo]::DefaultThreadCurrentCulture)"
[System.Threading.Tasks.Task[string]]::Factory.StartNew([Func[string]] [System.Delegate]::CreateDelegate([Func[string]], [cultureinfo]::CurrentCulture, [object].GetMethod('ToString'))).Result
"$($PSStyle.OutputRendering) $($PSStyle.Progress.View) $($PSStyle.Formatting.Error.Length) $($PSStyle.FileInfo.Extension.Keys.Count) $($PSStyle.Foreground.Red.Length)"
@(Get-Job).Count, @(Get-EventSubscriber).Count, @(Get-Event).Count, @(Get-PSBreakpoint).Count, @(Get-History).Count -join ' '
"$($Host.Name) $($Host.PrivateData.ErrorForegroundColor) $($Host.UI.RawUI.ForegroundColor) $($Host.UI.RawUI.WindowTitle) $($ExecutionContext.SessionState.LanguageMode)"
"$([Environment]::ExitCode) $([AppContext]::TryGetSwitch('Mine.Switch', [ref] $false))"
"$((Get-TypeData -TypeName System.String).Members.Count) $('x'.Mine) $((1..3).Count) $((Get-FormatData -TypeName System.IO.FileInfo).FormatViewDefinition.Count)"
(Get-ChildItem env: | ForEach-Object Name | Sort-Object) -join ' '
"$($env:PSModulePath -eq [Environment]::GetEnvironmentVariable('PSModulePath')) $($env:HOME.Length) $(Test-Path -LiteralPath ([IO.Path]::GetTempPath()))"
ForEach-Object { Write-Warning 'in a block' } 3>&1 | ForEach-Object { "$_" }
@([version] '1.2.3', [version] '4.5')
try { throw 'caught' } catch { "$_" }
throw 'uncaught'
`

const atNone = (as: string): Pick<Polluter, 'shared'> => ({shared: {at: ['none', 'thread'], as}})
const atAll = (as: string): Pick<Polluter, 'shared'> => ({shared: {at: ['runspace', 'none', 'thread'], as}})

export const polluters: readonly Polluter[] = [
  // What is shown, and where.
  {name: 'an open transcript', script: '$null = Start-Transcript -Path t.log'},
  {
    name: 'several open transcripts',
    script: '1..3 | ForEach-Object { $null = Start-Transcript -Path "t$_.log" -IncludeInvocationHeader }; "x"'
  },
  {
    name: 'a transcript whose file is gone',
    script: '$null = New-Item gone -ItemType Directory -Force; $null = Start-Transcript -Path gone/t.log; Remove-Item gone -Recurse -Force'
  },
  {name: 'Out-Default -Transcript', script: "'x' | Out-Default -Transcript"},
  {name: 'Out-Default -Transcript that was stopped', script: '1..9 | Out-Default -Transcript | Select-Object -First 1'},
  {
    name: 'the transcript-only state of the host',
    script:
      "$script:cookie = [Management.Automation.Host.PSHostUserInterface].GetMethod('SetTranscribeOnly', [Reflection.BindingFlags] 'Instance, NonPublic').Invoke($Host.UI, @())"
  },
  {name: 'a replaced standard output', beside: '`[Console]` settings', script: '[Console]::SetOut([IO.StringWriter]::new())'},
  {name: 'a replaced standard error', beside: '`[Console]` settings', script: '[Console]::SetError([IO.TextWriter]::Null)'},
  {name: 'a replaced standard input', beside: '`[Console]` settings', script: "[Console]::SetIn([IO.StringReader]::new('mine'))"},
  {name: 'a closed standard output', script: '[Console]::Out.Close(); [Console]::Error.Close()'},
  {name: 'a closed raw standard output', script: '[Console]::OpenStandardOutput().Close(); [Console]::OpenStandardError().Dispose()'},
  {name: 'a consumed standard input', beside: '`[Console]` settings', script: '$null = [Console]::In.ReadToEnd(); [Console]::In.Close()'},
  {name: 'an output encoding', beside: '`[Console]` settings', script: '[Console]::OutputEncoding = [Text.Encoding]::Latin1'},
  {
    name: 'an output encoding with a preamble',
    beside: '`[Console]` settings',
    script: "[Console]::OutputEncoding = [Text.UTF8Encoding]::new($true); 'x'"
  },
  {
    name: 'an output encoding that was set back',
    beside: '`[Console]` settings',
    script: '$e = [Console]::OutputEncoding; [Console]::OutputEncoding = [Text.Encoding]::Unicode; [Console]::OutputEncoding = $e'
  },
  {name: 'an input encoding', beside: '`[Console]` settings', script: '[Console]::InputEncoding = [Text.Encoding]::Latin1'},
  {
    name: 'an encoding for native commands',
    script: '$global:OutputEncoding = [Text.Encoding]::Unicode; $OutputEncoding = [Text.Encoding]::BigEndianUnicode'
  },
  {
    name: 'console colors',
    beside: '`[Console]` settings',
    script: "[Console]::ForegroundColor = 'Red'; [Console]::BackgroundColor = 'Blue'; $Host.UI.RawUI.ForegroundColor = 'Green'"
  },
  {name: 'a window title', script: "$Host.UI.RawUI.WindowTitle = 'mine'"},
  {
    name: 'a buffer size',
    script:
      'try { $Host.UI.RawUI.BufferSize = [Management.Automation.Host.Size]::new(40, 40) } catch { }; try { [Console]::BufferWidth = 40 } catch { }'
  },
  {
    name: 'the private data of the host',
    script:
      "foreach ($p in $Host.PrivateData.PSObject.Properties) { if ($p.Name -like '*Color') { $Host.PrivateData.$($p.Name) = 'Magenta' } }"
  },
  {
    name: 'console settings',
    beside: '`[Console]` settings',
    script: '[Console]::CursorVisible = $false; try { [Console]::TreatControlCAsInput = $true } catch { }'
  },
  {name: 'an exit that the host was asked for', script: '$Host.SetShouldExit(7)', exitCode: 7},
  {name: 'a nested prompt', script: '$Host.EnterNestedPrompt()'},
  {
    name: 'what every property of the style is',
    beside: '`[Console]` settings',
    script: `foreach ($part in $PSStyle, $PSStyle.Formatting, $PSStyle.Progress, $PSStyle.FileInfo) {
    foreach ($p in $part.GetType().GetProperties()) {
      if (!$p.CanWrite) { continue }
      $value = if ($p.PropertyType -eq [string]) { "$([char] 27)[7m" } elseif ($p.PropertyType -eq [bool]) { !$p.GetValue($part) } elseif ($p.PropertyType.IsEnum) { [Enum]::GetValues($p.PropertyType)[-1] } else { 40 }
      try { $p.SetValue($part, $value) } catch { }
    }
  }
  $PSStyle.OutputRendering = 'Ansi'; $PSStyle.FileInfo.Extension['.mine'] = "$([char] 27)[1m"; $null = $PSStyle.FileInfo.Extension.Remove('.zip')`
  },
  {name: 'a progress bar that stays', script: "1..3 | ForEach-Object { Write-Progress -Id $_ -Activity 'mine' -PercentComplete 10 }"},

  // Preferences.
  {
    name: 'every preference at once',
    script: `$ErrorActionPreference = 'Continue'; $WarningPreference = 'SilentlyContinue'; $VerbosePreference = 'Continue'
  $DebugPreference = 'Continue'; $InformationPreference = 'Continue'; $ProgressPreference = 'SilentlyContinue'; $ConfirmPreference = 'Low'; $WhatIfPreference = $true
  $ErrorView = 'NormalView'; $FormatEnumerationLimit = 1; $MaximumHistoryCount = 1; $OFS = '-'; $PSModuleAutoLoadingPreference = 'None'
  $PSNativeCommandUseErrorActionPreference = $true; $PSNativeCommandArgumentPassing = 'Legacy'; $PSEmailServer = 'x'; $PSSessionConfigurationName = 'x'; $StackTrace = 'x'`
  },
  {
    name: 'global preferences',
    script: `$global:ErrorActionPreference = 'Ignore'; $global:WarningPreference = 'Stop'; $global:VerbosePreference = 'Stop'
  $global:InformationPreference = 'Stop'; $global:ConfirmPreference = 'None'; $global:WhatIfPreference = $true; $global:ErrorView = 'CategoryView'
  $global:FormatEnumerationLimit = 0; $global:PSNativeCommandUseErrorActionPreference = $true; $global:OFS = ','`
  },
  {
    name: 'read-only preferences',
    script:
      "foreach ($n in 'VerbosePreference', 'WarningPreference', 'InformationPreference') { Set-Variable -Name $n -Value 'Stop' -Option ReadOnly -Scope Global -Force }"
  },
  {
    name: 'a constant preference',
    script:
      'Remove-Variable WarningPreference -Scope Global -Force; Set-Variable -Name WarningPreference -Value SilentlyContinue -Option Constant -Scope Global'
  },
  {
    name: 'a private preference',
    script:
      'Set-Variable -Name WarningPreference -Value SilentlyContinue -Option Private -Scope Global; Set-Variable -Name Mine -Value 1 -Option AllScope -Scope Global'
  },
  {
    name: 'a typed preference',
    script: "[ValidateSet('Continue')] [string] $global:VerbosePreference = 'Continue'; [int] $global:FormatEnumerationLimit = 1"
  },
  {name: 'removed variables', script: 'Get-Variable -Scope Global | Remove-Variable -Scope Global -Force -ErrorAction Ignore', fails: true},
  {
    name: 'variables with breakpoints',
    script:
      "$null = Set-PSBreakpoint -Variable WarningPreference -Mode ReadWrite -Action { 'late' }; $null = Set-PSBreakpoint -Command Write-Host -Action { 'late' }"
  },
  {
    name: 'default parameter values',
    script: `$PSDefaultParameterValues = @{'Out-Default:Transcript' = $true; 'Write-*:InformationAction' = 'Ignore'; '*:ErrorAction' = 'Ignore'; '*:OutVariable' = 'mine'}
  $global:PSDefaultParameterValues['Write-Host:Object'] = 'mine'; $global:PSDefaultParameterValues['Out-String:Width'] = 10; $global:PSDefaultParameterValues['Format-Table:AutoSize'] = $true`
  },
  {
    name: 'default parameter values changed in place',
    script:
      "$PSDefaultParameterValues.Add('Out-Default:OutVariable', 'mine'); $PSDefaultParameterValues.Add('Write-Warning:Message', 'mine'); $PSDefaultParameterValues.Add('Get-Item:Force', $true)"
  },
  {name: 'strict mode', script: 'Set-StrictMode -Version Latest'},
  {name: 'strict mode by debugging', script: 'Set-PSDebug -Strict'},
  {name: 'tracing', script: 'Set-PSDebug -Trace 1'},
  {name: 'tracing of everything', script: 'Set-PSDebug -Trace 2'},
  {
    name: 'the trace of a source',
    script: 'Set-TraceSource -Name ParameterBinding -Option All -PSHost -FilePath trace.log -Force',
    ...atAll('trace sources')
  },
  {
    name: 'variables',
    script:
      "$Mine = 1; $global:Mine2 = 2; Set-Variable Mine3 3 -Option Constant; $_ = 'mine'; $script:MinePreference = 'x'; $args = 1; $input = 2"
  },
  {
    name: 'a preset error list',
    script: "$Error.Clear(); 1..300 | ForEach-Object { $null = $Error.Add('mine') }; $global:MaximumErrorCount = 1"
  },
  {
    name: 'exit codes',
    beside: '`[Environment]`',
    script: '$global:LASTEXITCODE = 9; [Environment]::ExitCode = 8; sh -c "exit 7"',
    exitCode: 7
  },
  {name: 'a false last status', script: '$LASTEXITCODE = 0; Get-Item nowhere -ErrorAction SilentlyContinue', fails: true},
  {name: 'a read-only exit code', script: 'Set-Variable -Name LASTEXITCODE -Value 5 -Option ReadOnly -Scope Global -Force', fails: true},
  {
    name: 'a history',
    script:
      "Add-History -InputObject ([pscustomobject]@{CommandLine = 'x'; ExecutionStatus = 'Completed'; StartExecutionTime = [datetime]::Now; EndExecutionTime = [datetime]::Now}); Clear-History -Count 1"
  },

  // Commands.
  {
    name: 'an alias over a built-in one',
    script:
      'Set-Alias -Name echo -Value Get-Date -Option AllScope -Force; Set-Alias -Name gci -Value Get-Date -Force; Set-Alias -Name select -Value Get-Date -Scope Global -Force -Option AllScope'
  },
  {name: 'a built-in alias changed in place', script: 'Set-Item Alias:/dir Get-Date -Force; Set-Item Alias:/gci Get-Date -Force'},
  {name: 'removed aliases', script: 'Remove-Item Alias:/* -Force'},
  {
    name: 'an alias named as a cmdlet',
    script:
      'Set-Alias -Name Write-Host -Value Write-Output -Scope Global; Set-Alias -Name Write-Warning -Value Write-Output -Scope Global -Option ReadOnly'
  },
  {
    name: 'functions named as cmdlets',
    script:
      "function global:Write-Host { 'mine' }; function Out-Default { 'mine' }; function Test-Path { $true }; function global:Out-String { 'mine' }; function ForEach-Object { }; function Get-Command { }"
  },
  {
    name: 'constant functions named as cmdlets',
    script:
      "Set-Item -Path Function:/Write-Warning -Value { 'mine' } -Options ReadOnly; Set-Item -Path Function:/Get-Variable -Value { 'mine' } -Options Constant"
  },
  {
    name: 'functions named as built-in aliases',
    script: "function global:echo { 'mine' }; function global:dir { 'mine' }; Set-Item Function:/% { 'mine' }"
  },
  {
    name: 'built-in functions',
    script:
      "function global:prompt { 'mine' }; function global:TabExpansion2 { }; function global:Get-Verb { }; Remove-Item Function:/cd.. -Force; $function:oss = { 'mine' }"
  },
  {name: 'removed functions', script: 'Remove-Item Function:/* -Force -ErrorAction Ignore'},
  {name: 'a function named PSConsoleHostReadLine', script: "function global:PSConsoleHostReadLine { 'mine' }", ...atNone('functions')},
  {
    name: 'a module that overrides cmdlets',
    script:
      "$null = New-Module -Name Mine { function Write-Host { 'mine' }; function Get-Date { 'mine' }; Export-ModuleMember -Function * } | Import-Module -Global -Force",
    ...atNone('modules')
  },
  {name: 'an imported module', script: 'Import-Module Microsoft.PowerShell.Archive', ...atNone('modules')},
  {
    name: 'an imported module with a prefix',
    script: 'Import-Module ThreadJob -Prefix Mine -ErrorAction Ignore; $null = Get-Module',
    ...atNone('modules')
  },
  {
    name: 'removed modules',
    script:
      'Get-Module | Remove-Module -Force; Remove-Module Microsoft.PowerShell.Utility, Microsoft.PowerShell.Management -Force -ErrorAction Ignore'
  },
  {name: 'imported built-in modules', script: 'Import-Module Microsoft.PowerShell.Utility -Prefix My', ...atNone('modules')},
  {
    name: 'actions on the lookup of commands',
    script: `$ExecutionContext.InvokeCommand.PreCommandLookupAction = { param($n, $e) if ($n -eq 'Write-Host') { $e.CommandScriptBlock = { 'mine' } } }
  $ExecutionContext.InvokeCommand.PostCommandLookupAction = { param($n, $e) if ($n -eq 'Get-Date') { $e.CommandScriptBlock = { 'mine' } } }
  $ExecutionContext.InvokeCommand.CommandNotFoundAction = { param($n, $e) $e.CommandScriptBlock = { 'found' }; $e.StopSearch = $true }
  $ExecutionContext.InvokeCommand.LocationChangedAction = { [Console]::WriteLine('moved') }`
  },
  {
    name: 'completers',
    script:
      "Register-ArgumentCompleter -CommandName Get-Date -ParameterName Year -ScriptBlock { 'mine' }; Register-ArgumentCompleter -Native -CommandName sh -ScriptBlock { 'mine' }"
  },
  {name: 'a relative entry in PATH', script: '$env:PATH = "./tools$([IO.Path]::PathSeparator)$env:PATH"; mytool'},
  {
    name: 'a relative entry in PATH, in other letters',
    script: '$env:PATH = "./Tools$([IO.Path]::PathSeparator)$env:PATH"; Get-Command mytool -ErrorAction Ignore'
  },
  {
    name: 'a type accelerator of its own class',
    script: 'class Mine { [string] ToString() { return "mine" } }; enum MineKind { A; B }; "$([Mine]::new())"'
  },
  {name: 'an alias of the session’s own', script: 'Set-Alias -Name mine2 -Value Get-Date -Scope Global', ...atNone('aliases')},
  {name: 'a trap', script: 'trap { "trapped"; continue }; trap [ArgumentException] { break }; throw "x"'},

  // Types and formats.
  {
    name: 'members of a type',
    script:
      'Update-TypeData -TypeName System.String -MemberType NoteProperty -MemberName Mine -Value 1 -Force; Update-TypeData -TypeName System.Array -MemberType ScriptProperty -MemberName Count -Value { 42 } -Force'
  },
  {
    name: 'how a type is shown',
    script:
      "Update-TypeData -TypeName System.Management.Automation.PSCustomObject -DefaultDisplayPropertySet A -Force; Update-TypeData -TypeName System.Version -MemberType ScriptMethod -MemberName ToString -Value { 'mine' } -Force"
  },
  {name: 'removed members of a type', script: 'Get-TypeData | Select-Object -First 200 | Remove-TypeData'},
  {
    name: 'a format',
    script: `$xml = '<?xml version="1.0" encoding="utf-8" ?><Configuration><ViewDefinitions><View><Name>Mine</Name><ViewSelectedBy><TypeName>System.Version</TypeName><TypeName>System.Collections.Hashtable</TypeName></ViewSelectedBy><CustomControl><CustomEntries><CustomEntry><CustomItem><Text>mine</Text></CustomItem></CustomEntry></CustomEntries></CustomControl></View></ViewDefinitions></Configuration>'
  [IO.File]::WriteAllText("$PWD/mine.format.ps1xml", $xml); Update-FormatData -PrependPath "$PWD/mine.format.ps1xml"; [version] '1.2'`
  },
  {
    name: 'a format that is gone',
    script: `[IO.File]::WriteAllText("$PWD/gone.format.ps1xml", '<Configuration><ViewDefinitions></ViewDefinitions></Configuration>'); Update-FormatData -AppendPath "$PWD/gone.format.ps1xml"; Remove-Item gone.format.ps1xml`
  },

  // Places.
  {name: 'a drive', script: '$null = New-PSDrive -Name Mine -PSProvider FileSystem -Root / -Scope Global; Set-Location Mine:/'},
  {name: 'removed drives', script: 'Remove-PSDrive Env, Variable, Temp -Force -ErrorAction Ignore'},
  {name: 'a place in another drive', script: 'Set-Location Env:/'},
  {name: 'a place in the drive of variables', script: 'Set-Location Variable:; Push-Location Function:; Push-Location Alias:'},
  {name: 'a place by its provider', script: 'Set-Location Microsoft.PowerShell.Core\\FileSystem::/'},
  {name: 'stacks of places', script: 'Push-Location /; Push-Location / -StackName mine; Set-Location -StackName mine'},
  {
    name: 'a folder that is gone',
    beside: 'the current directory of .NET',
    script:
      '$null = New-Item gone2 -ItemType Directory; Set-Location gone2; [Environment]::CurrentDirectory = "$PWD"; [IO.Directory]::Delete("$PWD")'
  },
  {
    name: 'the current folder',
    beside: 'the current directory of .NET',
    script: 'Set-Location /; [Environment]::CurrentDirectory = [IO.Path]::GetTempPath()'
  },
  {
    name: 'environment variables',
    script:
      "$env:MINE = 'x'; $env:PATH = '/nowhere'; $env:HOME = '/nowhere'; $env:TMPDIR = '/nowhere'; $env:TEMP = '/nowhere'; $env:PSModulePath = '/nowhere'; $env:LANG = 'de_DE'; $env:NO_COLOR = $null; $env:TERM = 'xterm'; $env:PSExecutionPolicyPreference = 'Restricted'"
  },
  {
    name: 'no environment variables',
    beside: '`[Environment]`',
    script: "Get-ChildItem env: | Remove-Item; [Environment]::SetEnvironmentVariable('PATH', '')"
  },
  {name: 'an execution policy', script: 'try { Set-ExecutionPolicy -ExecutionPolicy Restricted -Scope Process -Force } catch { }'},

  // Cultures.
  {
    name: 'a culture',
    script:
      "[cultureinfo]::CurrentCulture = 'de-DE'; [cultureinfo]::CurrentUICulture = 'de-DE'; [Threading.Thread]::CurrentThread.CurrentCulture = 'fr-FR'"
  },
  {
    name: 'a default culture',
    beside: 'default cultures',
    script: "[cultureinfo]::DefaultThreadCurrentCulture = 'de-DE'; [cultureinfo]::DefaultThreadCurrentUICulture = 'de-DE'"
  },
  {
    name: 'a changed culture',
    script:
      "try { [cultureinfo]::CurrentCulture.NumberFormat.NumberDecimalSeparator = '!' } catch { }; $c = [cultureinfo]::InvariantCulture.Clone(); $c.NumberFormat.NumberDecimalSeparator = '!'; [cultureinfo]::CurrentCulture = $c"
  },

  // What goes on.
  {
    name: 'a thread job that runs',
    script:
      "$null = Start-ThreadJob { while ($true) { Write-Host 'late' -InformationAction Continue; Start-Sleep -Milliseconds 20 } } -StreamingHost $Host"
  },
  {name: 'thread jobs that are over', script: "$null = 1..3 | ForEach-Object { Start-ThreadJob { 'x' } } | Wait-Job"},
  {
    name: 'event subscribers',
    script:
      "$null = Register-EngineEvent -SourceIdentifier PowerShell.OnIdle -Action { Write-Host 'late' }; $null = Register-EngineEvent Mine -Action { 'late' }; $null = New-Event Mine2"
  },
  {
    name: 'a timer that is subscribed to',
    script: "$t = [Timers.Timer]::new(5); $null = Register-ObjectEvent $t Elapsed -Action { Write-Host 'late' }; $t.Start()"
  },
  {
    name: 'a handler of the end',
    script: '$null = Register-EngineEvent -SourceIdentifier PowerShell.Exiting -SupportEvent -Action { $global:Mine = 1 }'
  },
  {
    name: 'breakpoints',
    script:
      '$null = Set-PSBreakpoint -Command Write-Host; Set-Content -LiteralPath x.ps1 -Value 1; $null = Set-PSBreakpoint -Script ./x.ps1 -Line 1'
  },
  {
    name: 'runspaces',
    script:
      '$r = [runspacefactory]::CreateRunspace(); $r.Open(); $p = [powershell]::Create($r); $null = $p.AddScript("1").BeginInvoke(); $r.Name = "mine"; $r.Close()'
  },
  {
    name: 'a background pipeline of its own',
    script: '$p = [powershell]::Create().AddScript("Start-Sleep -Milliseconds 1; 1"); $null = $p.Invoke(); $p.Dispose()'
  },
  {
    name: 'a parallel loop',
    script: '1..4 | ForEach-Object -Parallel { $global:Mine = 1; $env:MINE = "x"; Set-Location / } -ThrottleLimit 2'
  },

  // What belongs to .NET.
  {
    name: 'a security protocol',
    script:
      "[Net.ServicePointManager]::SecurityProtocol = 'Tls12'; [Net.ServicePointManager]::ServerCertificateValidationCallback = { $true }",
    ...atAll('statics')
  },
  {
    name: 'a switch of .NET',
    script: "[AppContext]::SetSwitch('Mine.Other', $true); [AppDomain]::CurrentDomain.SetData('mine', 1)",
    ...atAll('switches')
  },
  {
    name: 'a type',
    script: "Add-Type -TypeDefinition 'public static class MineType { public static int Value = 1; }'; [MineType]::Value = 2",
    ...atAll('Add-Type')
  },
  {
    name: 'the priority of the process',
    script: "try { (Get-Process -Id $PID).PriorityClass = 'BelowNormal' } catch { }",
    ...atAll('priority')
  },
  {name: 'a language mode', script: "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'"},
  {
    name: 'an exception from deep inside',
    script:
      "try { [Management.Automation.PSObject].Assembly.GetType('x', $true) } catch { }; function Get-Deep($n) { if ($n) { Get-Deep ($n - 1) } else { throw 'deep' } }; try { Get-Deep 50 } catch { }",
    ...atNone('functions')
  }
]
