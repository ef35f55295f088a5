using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace PwshPool
{
    /// <summary>The host of one slot: shows the same as PowerShell's console host would, in the output of the task.</summary>
    internal sealed class SlotHost : PSHost, IHostSupportsInteractiveSession
    {
        private static readonly ConcurrentDictionary<Guid, SlotHost> s_all = new ConcurrentDictionary<Guid, SlotHost>();
        private readonly OuterHost _outer;
        private PSObject _privateData = new PSObject();

        public SlotHost(OuterHost outer, TaskOutput nobody)
        {
            _outer = outer;
            Output = nobody;
            UI = new SlotUi(this, outer);
            Reset();
            s_all[InstanceId] = this;
        }

        /// <summary>The host with this id. A host that a program of a task created itself has none, which is an exception.</summary>
        public static SlotHost Of(Guid id) => s_all.TryGetValue(id, out var host) ? host : throw new PSInvalidOperationException("Not in a task.");

        /// <summary>Receives everything that is shown; belongs to no task between two tasks.</summary>
        public TaskOutput Output { get; set; }

        /// <summary>The environment variables of the slot's task.</summary>
        public TaskEnvironment Environment { get; set; } = new TaskEnvironment();

        /// <summary>The exit code that the task passed to <c>$Host.SetShouldExit</c>; null for none.</summary>
        public int? AskedExitCode { get; set; }

        /// <summary>Resets what a task has set: colors, title, sizes.</summary>
        public void Reset()
        {
            _privateData = PSObject.AsPSObject(new HostColors());
            if (UI.RawUI is SlotRawUi raw) raw.Reset(_outer.RawUiFacts);
        }

        public override string Name => "ConsoleHost";
        public override Version Version => _outer.Version;
        public override Guid InstanceId { get; } = Guid.NewGuid();
        public override CultureInfo CurrentCulture => _outer.Culture;
        public override CultureInfo CurrentUICulture => _outer.UiCulture;
        public override PSHostUserInterface UI { get; }
        public override PSObject PrivateData => _privateData;
        public override void SetShouldExit(int exitCode) => AskedExitCode = exitCode;
        public override void EnterNestedPrompt() { }
        public override void ExitNestedPrompt() { }
        public override void NotifyBeginApplication() => Environment.BeginStart();
        public override void NotifyEndApplication() => TaskEnvironment.EndStart();

        public bool IsRunspacePushed => false;
        public Runspace? Runspace { get; set; }
        public void PushRunspace(Runspace runspace) => throw new PSNotImplementedException();
        public void PopRunspace() { }

        /// <summary>Forgets the host of a slot that is given up.</summary>
        public void Forget() => s_all.TryRemove(InstanceId, out _);
    }

    /// <summary>Properties of the host of the process itself, read once. Call it on PowerShell's own thread, where that host may be used.</summary>
    internal sealed class OuterHost
    {
        public OuterHost(PSHost host)
        {
            Version = host.Version;
            Culture = host.CurrentCulture;
            UiCulture = host.CurrentUICulture;
            RawUi = host.UI.RawUI;
            RawUiFacts = new RawUiFacts(RawUi);
            IsTerminal = host.UI.SupportsVirtualTerminal;
        }

        public Version Version { get; }
        public CultureInfo Culture { get; }
        public CultureInfo UiCulture { get; }
        public PSHostRawUserInterface RawUi { get; }
        public RawUiFacts RawUiFacts { get; }

        /// <summary>Whether escape sequences are shown.</summary>
        public bool IsTerminal { get; }
    }

    /// <summary>The same properties as <c>$Host.PrivateData</c> of the console host. Source: PowerShell, ConsoleHost.cs (ConsoleColorProxy).</summary>
    public sealed class HostColors
    {
        public ConsoleColor FormatAccentColor { get; set; } = ConsoleColor.Green;
        public ConsoleColor ErrorAccentColor { get; set; } = ConsoleColor.Cyan;
        public ConsoleColor ErrorForegroundColor { get; set; } = ConsoleColor.Red;
        public ConsoleColor ErrorBackgroundColor { get; set; } = (ConsoleColor)(-1);
        public ConsoleColor WarningForegroundColor { get; set; } = ConsoleColor.Yellow;
        public ConsoleColor WarningBackgroundColor { get; set; } = (ConsoleColor)(-1);
        public ConsoleColor DebugForegroundColor { get; set; } = ConsoleColor.Yellow;
        public ConsoleColor DebugBackgroundColor { get; set; } = (ConsoleColor)(-1);
        public ConsoleColor VerboseForegroundColor { get; set; } = ConsoleColor.Yellow;
        public ConsoleColor VerboseBackgroundColor { get; set; } = (ConsoleColor)(-1);
        public ConsoleColor ProgressForegroundColor { get; set; } = ConsoleColor.Black;
        public ConsoleColor ProgressBackgroundColor { get; set; } = ConsoleColor.Yellow;
    }
}
