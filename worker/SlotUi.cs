using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PwshPool
{
    /// <summary>
    /// Shows the same as the console host does when its output is redirected and nobody can be prompted. Source: PowerShell,
    /// ConsoleHostUserInterface.cs.
    /// </summary>
    internal sealed class SlotUi : PSHostUserInterface
    {
        private const string NotInteractive = "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.";
        private readonly SlotHost _host;
        private readonly bool _isTerminal;

        public SlotUi(SlotHost host, OuterHost outer)
        {
            _host = host;
            _isTerminal = outer.IsTerminal;
            RawUI = new SlotRawUi(outer.RawUi, outer.RawUiFacts);
        }

        public override PSHostRawUserInterface RawUI { get; }

        public override bool SupportsVirtualTerminal => _isTerminal;

        public override void Write(string value) => Print(false, value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Print(false, value);

        public override void WriteLine(string value) => Print(false, value + Environment.NewLine);

        public override void WriteErrorLine(string value)
        {
            if (!string.IsNullOrEmpty(value)) Print(true, value + Environment.NewLine);
        }

        public override void WriteDebugLine(string message) => WriteStyled("Debug", "DEBUG: ", message);

        public override void WriteVerboseLine(string message) => WriteStyled("Verbose", "VERBOSE: ", message);

        public override void WriteWarningLine(string message) => WriteStyled("Warning", "WARNING: ", message);

        public override void WriteProgress(long sourceId, ProgressRecord record) { }

        public override string ReadLine() => throw new PSInvalidOperationException(NotInteractive);

        public override SecureString ReadLineAsSecureString() => throw new PSInvalidOperationException(NotInteractive);

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new PSInvalidOperationException(NotInteractive);

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
            throw new PSInvalidOperationException(NotInteractive);

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new PSInvalidOperationException(NotInteractive);

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            throw new PSInvalidOperationException(NotInteractive);

        private void WriteStyled(string style, string prefix, string message)
        {
            var start = _isTerminal ? Internals.Style(style) : string.Empty;
            WriteLine(start.Length == 0 ? prefix + message : start + prefix + message + Internals.Style("Reset"));
        }

        private void Print(bool isError, string? text)
        {
            if (!string.IsNullOrEmpty(text)) _host.Output.Write(isError, Internals.Shown(text!, _isTerminal));
        }
    }

    /// <summary>The console as the host of the process sees it; a task changes only its own copy.</summary>
    internal sealed class SlotRawUi : PSHostRawUserInterface
    {
        private readonly PSHostRawUserInterface _outer;

        public SlotRawUi(PSHostRawUserInterface outer, RawUiFacts facts)
        {
            _outer = outer;
            Reset(facts);
        }

        /// <summary>Resets it to the state of the console at the start, whatever a task has set.</summary>
        public void Reset(RawUiFacts facts)
        {
            WindowTitle = facts.Title;
            ForegroundColor = facts.Foreground;
            BackgroundColor = facts.Background;
            BufferSize = facts.Buffer;
            WindowSize = facts.Window;
            CursorSize = facts.Cursor;
            CursorPosition = WindowPosition = new Coordinates(0, 0);
        }

        public override string WindowTitle { get; set; } = string.Empty;
        public override ConsoleColor ForegroundColor { get; set; }
        public override ConsoleColor BackgroundColor { get; set; }
        public override Size BufferSize { get; set; }
        public override Size WindowSize { get; set; }
        public override int CursorSize { get; set; }
        public override Coordinates CursorPosition { get; set; }
        public override Coordinates WindowPosition { get; set; }
        public override Size MaxPhysicalWindowSize => WindowSize;
        public override Size MaxWindowSize => WindowSize;
        public override bool KeyAvailable => _outer.KeyAvailable;
        public override KeyInfo ReadKey(ReadKeyOptions options) => _outer.ReadKey(options);
        public override void FlushInputBuffer() { }
        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];
        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }
        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) { }
        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) { }
    }

    /// <summary>The state of the console at the start, before any task could change it.</summary>
    internal sealed class RawUiFacts
    {
        public RawUiFacts(PSHostRawUserInterface outer)
        {
            Title = Known(() => outer.WindowTitle, string.Empty);
            Foreground = Known(() => outer.ForegroundColor, (ConsoleColor)(-1));
            Background = Known(() => outer.BackgroundColor, (ConsoleColor)(-1));
            Buffer = Known(() => outer.BufferSize, new Size(80, 24));
            Window = Known(() => outer.WindowSize, new Size(80, 24));
            Cursor = Known(() => outer.CursorSize, 25);
        }

        public readonly string Title;
        public readonly ConsoleColor Foreground, Background;
        public readonly Size Buffer, Window;
        public readonly int Cursor;

        // Without a console, some of these throw.
        private static T Known<T>(Func<T> ask, T otherwise)
        {
            try { return ask(); }
            catch (Exception) { return otherwise; }
        }
    }
}
