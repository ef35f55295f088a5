import {existsSync, readFileSync, realpathSync, statSync} from 'node:fs'
import path from 'node:path'

/** The assembly that a .NET tool's `pwsh` runs: it starts `dotnet pwsh.dll`, waits for it, and does nothing else. */
const shimAssembly = 'Microsoft.PowerShell.GlobalTool.Shim.dll'

/** Size limit of a starter, in bytes: real ones have less than 200 kB. */
const largestStarter = 1024 * 1024

/**
 * The absolute path of the `pwsh.dll` that `file` starts, if `file` is the `pwsh` of the .NET tool `PowerShell`. The starter that `dotnet tool
 * install` makes contains the relative path of its assembly, in UTF-8 between two NULs; the folders `unix` and `win` are beside that assembly.
 * Source: dotnet/runtime, src/native/corehost/corehost.cpp (`is_exe_enabled_for_execution`); PowerShell/PowerShell, src/GlobalTools.
 */
export function dllBehindShim(file: string, platform: NodeJS.Platform = process.platform): string | undefined {
  try {
    const starter = realpathSync(file)
    if (statSync(starter).size > largestStarter) return undefined
    const bytes = readFileSync(starter)
    const end = bytes.indexOf(`${shimAssembly}\0`)
    if (end === -1) return undefined
    const assembly = bytes.toString('utf8', bytes.lastIndexOf(0, end) + 1, end)
    const folder = path.resolve(path.dirname(starter), assembly.replaceAll('\\', '/'))
    const dll = path.join(folder, platform === 'win32' ? 'win' : 'unix', 'pwsh.dll')
    return existsSync(dll) ? dll : undefined
  } catch {
    return undefined
  }
}
