using System;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PwshPool
{
    using PowerShell = System.Management.Automation.PowerShell;

    /// <summary>How a task ended.</summary>
    internal struct TaskEnd
    {
        /// <summary>The exit code that a process of its own would have had.</summary>
        public int ExitCode;

        /// <summary>The PowerShell error that ended it; null for any other end.</summary>
        public TaskError? Error;
    }

    /// <summary>A call of a script file, on the calling thread.</summary>
    internal sealed class TaskCall
    {
        private static readonly PSInvocationSettings s_settings = new PSInvocationSettings
        {
            // Without this, the end of the pipeline would set $? to true and lose the result.
            AddToHistory = true
        };

        private readonly object _stopping = new object();
        private PowerShell? _shell;

        /// <summary>Whether a stop was requested.</summary>
        public bool IsStopped { get; private set; }

        /// <summary>Begins to stop the call, even if it has not begun. Returns at once.</summary>
        public void Stop()
        {
            PowerShell? shell;
            lock (_stopping)
            {
                IsStopped = true;
                shell = _shell;
            }
            try { shell?.BeginStop(null, null); }
            catch (InvalidOperationException) { }
        }

        /// <summary>Runs the file as <c>-command ". 'file'"</c> would.</summary>
        public TaskEnd Run(Runspace runspace, string file)
        {
            using (var shell = PowerShell.Create())
            {
                shell.Runspace = runspace;
                shell.AddScript(". " + Quoted(file) + KeepObjects(file));
                shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
                shell.AddCommand(new CmdletInfo("Mark-NativeErrors", typeof(MarkNativeErrors)));
                AddOut(shell, "Out-Host");
                lock (_stopping)
                {
                    if (IsStopped) return new TaskEnd { ExitCode = 1 };
                    _shell = shell;
                }
                try { shell.Invoke(Array.Empty<object>(), s_settings); }
                catch (Exception) { }
                lock (_stopping) _shell = null;
                // The caught exception may be a wrapper; this is the task's own.
                if (shell.InvocationStateInfo.State != PSInvocationState.Failed)
                {
                    var code = ExitCode(runspace);
                    return new TaskEnd { ExitCode = code, Error = code == 0 ? null : TaskError.OfRefusedScript(runspace) };
                }
                var reason = shell.InvocationStateInfo.Reason;
                var record = (reason as IContainsErrorRecord)?.ErrorRecord ?? new ErrorRecord(reason, reason.GetType().FullName, ErrorCategory.NotSpecified, null);
                Show(runspace, record);
                return new TaskEnd { ExitCode = 1, Error = TaskError.Of(reason) };
            }
        }

        // The pool creates the file for a task that keeps objects. The function is not named Out-Default here: native commands would then print past
        // the task.
        // Therefore their output is emitted too.
        private static string KeepObjects(string file)
        {
            var objects = Path.Combine(Path.GetDirectoryName(file)!, "objects");
            if (!File.Exists(objects)) return string.Empty;
            var script = Path.Combine(Path.GetDirectoryName(typeof(TaskCall).Assembly.Location)!, "..", "scripts", "objects.ps1");
            return " | & (& " + Quoted(script) + ").ScriptBlock " + Quoted(objects);
        }

        private static string Quoted(string text) => "'" + text.Replace("'", "''") + "'";

        private static int ExitCode(Runspace runspace)
        {
            if (runspace.SessionStateProxy.GetVariable("?") is true) return 0;
            if (!(runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int last)) return 1;
            // On Unix an exit code has eight bits: a code whose low bits are 0 would look like a success.
            if (!Platform.IsWindows) last &= 255;
            return last == 0 ? 1 : last;
        }

        private static void Show(Runspace runspace, ErrorRecord record)
        {
            using (var shell = PowerShell.Create())
            {
                shell.Runspace = runspace;
                try
                {
                    if (Internals.MarksErrors) AddOut(shell, "Out-Default").Invoke(new[] { Internals.AsShownError(PSObject.AsPSObject(record)) });
                    else shell.AddScript(ShowScript, true).AddArgument(record).Invoke();
                }
                catch (Exception) { }
            }
        }

        // What Out-Default would show, a line at a time. The default parameters of the task do not hold.
        private const string ShowScript = @"
$PSDefaultParameterValues = @{}
$args[0] | Microsoft.PowerShell.Utility\Out-String -Stream -Width $Host.UI.RawUI.BufferSize.Width | & { process { $Host.UI.WriteErrorLine($_) } }";

        // The cmdlet itself, because a task may define a function of its name.
        private static PowerShell AddOut(PowerShell shell, string name)
        {
            var type = Internals.TypeOf("Microsoft.PowerShell.Commands." + name.Replace("-", string.Empty) + "Command");
            return type == null ? shell.AddCommand(@"Microsoft.PowerShell.Core\" + name) : shell.AddCommand(new CmdletInfo(name, type));
        }
    }
}
