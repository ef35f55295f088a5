using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using Microsoft.PowerShell.Commands;

namespace PwshPool
{
    using PowerShell = System.Management.Automation.PowerShell;

    /// <summary>Thrown if modules could not be imported or setup failed.</summary>
    internal sealed class SetupException : Exception
    {
        public SetupException(string message) : base(message) { }
    }

    /// <summary>Settings that all slots of a worker share.</summary>
    internal sealed class SlotSetup
    {
        private readonly InitialSessionState _initialState;

        /// <param name="modules">Names and paths as strings, specifications as hashtables.</param>
        public SlotSetup(Channel channel, OuterHost outer, string profile, IEnumerable<object> modules, string? setupFile)
        {
            Channel = channel;
            Outer = outer;
            SetupFile = setupFile;
            Nobody = new TaskOutput(channel, 0);
            Process = new ProcessState(Nobody);
            _initialState = InitialSessionState.CreateDefault();
            _initialState.ThrowOnRunspaceOpenError = true;
            foreach (var module in modules)
            {
                if (module is System.Collections.Hashtable specification) _initialState.ImportPSModule(new[] { new ModuleSpecification(specification) });
                else _initialState.ImportPSModule(new[] { (string)module });
            }
            _initialState.Variables.Add(new SessionStateVariableEntry("PROFILE", profile, string.Empty));
            if (Platform.IsWindows) _initialState.Variables.Add(new SessionStateVariableEntry("OutputEncoding", new System.Text.UTF8Encoding(false), string.Empty));
            var provider = _initialState.Providers["Environment"].Single();
            _initialState.Providers.Remove("Environment", typeof(SessionStateProviderEntry));
            _initialState.Providers.Add(new SessionStateProviderEntry("Environment", typeof(EnvironmentProvider), provider.HelpFileName));
        }

        public Channel Channel { get; }
        public OuterHost Outer { get; }
        public ProcessState Process { get; }

        /// <summary>Absolute path of the setup script; null for none.</summary>
        public string? SetupFile { get; }

        /// <summary>Receives output that belongs to no task.</summary>
        public TaskOutput Nobody { get; }

        /// <summary>
        /// The initial state for one session. On Windows, sessions that share a state wait for each other before they run a file. Source: PowerShell,
        /// SecuritySupport.cs.
        /// </summary>
        public InitialSessionState NewState()
        {
            lock (_initialState) return _initialState.Clone();
        }
    }

    /// <summary>A runspace with its host, which runs a task and is then prepared for the next one. Used on one thread.</summary>
    internal sealed class Session
    {
        private readonly SlotSetup _setup;
        private readonly SlotHost _host;
        private readonly Runspace _runspace;
        private SessionReset? _reset;
        private bool _isTidy = true;

        private Session(SlotSetup setup)
        {
            _setup = setup;
            _host = new SlotHost(setup.Outer, setup.Nobody);
            _runspace = RunspaceFactory.CreateRunspace(_host, setup.NewState());
            _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
            _host.Runspace = _runspace;
        }

        /// <summary>Opens a runspace, imports modules and runs setup in it. Throws SetupException.</summary>
        public static Session Open(SlotSetup setup)
        {
            var session = new Session(setup);
            var output = new TaskOutput(setup.Channel, 0, ToPool.Setup);
            TaskOutput.Current = session._host.Output = output;
            try
            {
                session._runspace.Open();
                session._runspace.Name = "Runspace1";
                // Without a listener, Wait-Debugger would wait forever.
                session._runspace.Debugger.DebuggerStop += (_, __) => { };
                if (setup.SetupFile != null) session.RunSetup(setup.SetupFile);
                session._reset = SessionReset.Save(session._runspace);
                return session;
            }
            catch (Exception error) when (!(error is SetupException))
            {
                session.Close();
                throw new SetupException((error as IContainsErrorRecord)?.ErrorRecord?.ToString() ?? error.Message);
            }
            finally
            {
                output.End();
                TaskOutput.Current = null;
                session._host.Output = setup.Nobody;
            }
        }

        /// <summary>Prepares for a task. Returns why it cannot; null if it can.</summary>
        public string? Begin(TaskOrder order, TaskOutput output)
        {
            var environment = new TaskEnvironment();
            foreach (var variable in order.Variables) environment.Set(variable.Key, variable.Value);
            _host.Environment = environment;
            _host.AskedExitCode = null;
            _host.Reset();
            try
            {
                var path = _runspace.SessionStateProxy.Path;
                if (path.CurrentLocation.Path != order.Folder) path.SetLocation(WildcardPattern.Escape(order.Folder));
            }
            catch (Exception error)
            {
                return error.Message;
            }
            _host.Output = output;
            _setup.Channel.Send(ToPool.Started, order.Id);
            return null;
        }

        /// <summary>Runs the file of the task. Restores the culture of the thread afterwards.</summary>
        public TaskEnd Run(TaskCall call, string file)
        {
            var thread = Thread.CurrentThread;
            var culture = thread.CurrentCulture;
            var uiCulture = thread.CurrentUICulture;
            TaskEnd end;
            try { end = call.Run(_runspace, file); }
            catch (ThreadInterruptedException) { end = new TaskEnd { ExitCode = 1 }; }
            thread.CurrentCulture = culture;
            thread.CurrentUICulture = uiCulture;
            if (_host.AskedExitCode is int asked) end.ExitCode = asked;
            if (!Platform.IsWindows) end.ExitCode &= 255;
            return end;
        }

        /// <summary>Ends the leftovers of the task, and its output. Returns the fields of <c>done</c>.</summary>
        public string?[] Finish(TaskEnd end, TaskOutput output, bool isDisturbed)
        {
            if (!isDisturbed) Tidy();
            output.End();
            TaskOutput.Current = null;
            _host.Output = _setup.Nobody;
            var starts = _host.Environment.Starts;
            _setup.Process.Restore();
            var usage = Usage.Recent();
            return new[] { end.ExitCode.ToString(CultureInfo.InvariantCulture), usage.Memory, usage.Threads, usage.Handles, starts > 0 ? "1" : "0", end.Error?.Types, end.Error?.Id };
        }

        /// <summary>Whether the innermost running statement calls Environment.Exit or another method with that name.</summary>
        public bool CallsExit
        {
            get
            {
                try { return _runspace.Debugger.GetCallStack().FirstOrDefault()?.Position?.Text.IndexOf("::Exit(", StringComparison.OrdinalIgnoreCase) >= 0; }
                catch (Exception) { return false; }
            }
        }

        /// <summary>Resets the session for the next task. False if the next task needs a new session.</summary>
        public bool Reset()
        {
            try { return _isTidy && _runspace.RunspaceStateInfo.State == RunspaceState.Opened && _reset?.Reset() == true; }
            catch (Exception) { return false; }
        }

        /// <summary>Closes the session; code that still runs in it continues.</summary>
        public void Close()
        {
            _host.Forget();
            try { _runspace.Dispose(); }
            catch (Exception) { }
        }

        private void RunSetup(string file)
        {
            var end = new TaskCall().Run(_runspace, file);
            if (end.ExitCode != 0) throw new SetupException("setup failed");
            _runspace.SessionStateProxy.PSVariable.Remove("LASTEXITCODE");
            ((System.Collections.IList)_runspace.SessionStateProxy.GetVariable("Error")).Clear();
        }

        // Raises PowerShell.Exiting, then ends jobs, subscriptions and transcripts, which would continue in the next task.
        private void Tidy()
        {
            try
            {
                var commands = _runspace.SessionStateProxy.InvokeCommand;
                commands.PreCommandLookupAction = commands.PostCommandLookupAction = commands.CommandNotFoundAction = null;
                if (Internals.Member(commands.GetType(), "LocationChangedAction") is System.Reflection.PropertyInfo moved) moved.SetValue(commands, null);
                _isTidy = !HasLeftovers();
                if (_isTidy) return;
                _runspace.Events.GenerateEvent("PowerShell.Exiting", null, Array.Empty<object>(), null, true, false);
                using (var shell = PowerShell.Create())
                {
                    shell.Runspace = _runspace;
                    shell.AddScript(TidyScript, true).Invoke();
                }
            }
            catch (Exception) { _isTidy = false; }
        }

        // Whether there may be leftovers of a task. Thread jobs are known only to their module, which registers itself as an adapter. Names as of
        // PowerShell 7.6:
        // LocalConnection.cs, JobManager.cs.
        private bool HasLeftovers() =>
            _runspace.Events.Subscribers.Count > 0 || _runspace.Events.ReceivedEvents.Count > 0 || IsSilenced ||
            Count(_runspace.Debugger, "GetBreakpoints") != 0 ||
            Count(Internals.Get(_runspace, "TranscriptionData"), "Transcripts") != 0 ||
            Count(Internals.Get(_runspace, "JobRepository"), "Jobs") != 0 ||
            Count(_runspace.JobManager, "_sourceAdapters") != 0;

        // Whether output goes to transcripts only: a task can set that in the host that PowerShell wraps around this one.
        private bool IsSilenced =>
            Internals.Get(Internals.Get(Internals.Get(Internals.Get(_runspace, "GetExecutionContext"), "EngineHostInterface"), "UI"), "TranscribeOnly") is true;

        // -1 where it cannot be known.
        private static int Count(object? owner, string name)
        {
            if (owner == null) return -1;
            var found = Internals.Call(owner, name) ?? Internals.Get(owner, name);
            return found is System.Collections.ICollection all ? all.Count : -1;
        }

        // Runs in its own scope, in which preferences and default parameters of the task do not apply. Commands are qualified, because a task may
        // have defined
        // functions with their names. Each Stop-Transcript stops one transcript; the last call fails because none is left.
        private const string TidyScript = @"
$PSDefaultParameterValues = @{}; $WhatIfPreference = $false; $ConfirmPreference = 'None'; $ErrorActionPreference = 'Stop'
Microsoft.PowerShell.Utility\Get-PSBreakpoint | Microsoft.PowerShell.Utility\Remove-PSBreakpoint
Microsoft.PowerShell.Utility\Get-EventSubscriber -Force | Microsoft.PowerShell.Utility\Unregister-Event -Force
Microsoft.PowerShell.Core\Get-Job | Microsoft.PowerShell.Core\Remove-Job -Force
try { while ($true) { $null = Microsoft.PowerShell.Host\Stop-Transcript } } catch { }";
    }
}
