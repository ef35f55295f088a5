using System;
using System.IO;
using System.Management.Automation;

namespace PwshPool
{
    /// <summary>
    /// Finds programs by the PATH of a task that has changed it; PowerShell itself searches the PATH of the process. Source: PowerShell,
    /// CommandDiscovery.cs (LookupCommandInfo, GetLookupDirectoryPaths).
    /// </summary>
    internal static class PathLookup
    {
        /// <summary>Sets the lookup actions for the rest of the task, unless the task has set its own.</summary>
        public static void Install(SessionState session, TaskEnvironment environment)
        {
            // PowerShell calls only the actions of this object.
            if (!((session.PSVariable.GetValue("ExecutionContext") as EngineIntrinsics)?.InvokeCommand is CommandInvocationIntrinsics commands)) return;
            void Look(object sender, CommandLookupEventArgs found)
            {
                if (found.Command != null && !(found.Command is ApplicationInfo) && !(found.Command is ExternalScriptInfo)) return;
                var name = found.CommandName;
                if (name.IndexOfAny(new[] { '/', Path.DirectorySeparatorChar }) >= 0 || Path.IsPathRooted(name)) return;
                if (Find(name, commands, session, environment) is CommandInfo own) found.Command = own;
            }
            if (commands.PostCommandLookupAction == null) commands.PostCommandLookupAction = Look;
            if (commands.CommandNotFoundAction == null) commands.CommandNotFoundAction = Look;
        }

        private static CommandInfo? Find(string name, CommandInvocationIntrinsics commands, SessionState session, TaskEnvironment environment)
        {
            var folder = session.Path.CurrentFileSystemLocation.ProviderPath;
            var extensions = Platform.IsWindows ? ".ps1;" + environment.Get("PATHEXT") + ";" : ";.ps1";
            foreach (var entry in (environment.Get("PATH") ?? string.Empty).Split(Path.PathSeparator))
            {
                if (entry.Length == 0) continue;
                foreach (var extension in extensions.Split(';'))
                {
                    string file;
                    try { file = Path.Combine(folder, entry, name + extension); }
                    catch (ArgumentException) { continue; }
                    if (File.Exists(file) && commands.GetCommand(Path.GetFullPath(file), CommandTypes.Application | CommandTypes.ExternalScript) is CommandInfo found) return found;
                }
            }
            return null;
        }
    }
}
