using System.Management.Automation.Host;
using System.Security;

namespace EmbeddedPwsh;

/// <summary>Everything but errors goes to standard output, as in pwsh. There is no one to ask: all questions are errors.</summary>
public sealed class ConsoleUI : PSHostUserInterface
{
    private readonly ConsoleHost _host;
    private readonly Lock _lock = new();

    public ConsoleUI(ConsoleHost host)
    {
        _host = host;
        var terminal = Environment.GetEnvironmentVariable("TERM") ?? "";
        SupportsVirtualTerminal = terminal != "dumb";
        if (Environment.GetEnvironmentVariable("NO_COLOR") != null || terminal is "xterm-mono" or "xtermm")
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
    }

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUI();
    public override bool SupportsVirtualTerminal { get; }

    public override void Write(string value)
    {
        if (string.IsNullOrEmpty(value)) return;
        lock (_lock) _host.Output.Write(GetOutputString(value, SupportsVirtualTerminal));
    }

    public override void WriteLine(string value)
    {
        lock (_lock) _host.Output.WriteLine(GetOutputString(value, SupportsVirtualTerminal));
    }

    public override void Write(ConsoleColor foreground, ConsoleColor background, string value) =>
        InColour(foreground, background, () => Write(value));

    public override void WriteLine(ConsoleColor foreground, ConsoleColor background, string value) =>
        InColour(foreground, background, () => WriteLine(value));

    public override void WriteErrorLine(string value)
    {
        if (string.IsNullOrEmpty(value)) return;
        lock (_lock) _host.Error.WriteLine(GetOutputString(value, SupportsVirtualTerminal));
    }

    public override void WriteDebugLine(string message) => WriteNote(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message);
    public override void WriteVerboseLine(string message) => WriteNote(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message);
    public override void WriteWarningLine(string message) => WriteNote(PSStyle.Instance.Formatting.Warning, "WARNING: " + message);

    /// <summary>pwsh too shows no progress when its output is redirected.</summary>
    public override void WriteProgress(long sourceId, ProgressRecord record) { }
    public override string ReadLine() => throw NoPrompt();
    public override SecureString ReadLineAsSecureString() => throw NoPrompt();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NoPrompt();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NoPrompt();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NoPrompt();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NoPrompt();

    internal static PSInvalidOperationException NoPrompt() =>
        new("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");

    private void WriteNote(string style, string text) => WriteLine(SupportsVirtualTerminal ? style + text + PSStyle.Instance.Reset : text);

    private void InColour(ConsoleColor foreground, ConsoleColor background, Action write)
    {
        lock (_lock)
        {
            var (oldForeground, oldBackground) = (RawUI.ForegroundColor, RawUI.BackgroundColor);
            (RawUI.ForegroundColor, RawUI.BackgroundColor) = (foreground, background);
            write();
            (RawUI.ForegroundColor, RawUI.BackgroundColor) = (oldForeground, oldBackground);
        }
    }
}

/// <summary>Sizes and colours; a console that no one sits at needs no more.</summary>
public sealed class ConsoleRawUI : PSHostRawUserInterface
{
    private ConsoleColor _foreground = Console.ForegroundColor;
    private ConsoleColor _background = Console.BackgroundColor;

    public override ConsoleColor ForegroundColor { get => _foreground; set => Console.ForegroundColor = _foreground = value; }
    public override ConsoleColor BackgroundColor { get => _background; set => Console.BackgroundColor = _background = value; }

    public override Size BufferSize
    {
        get => Console.BufferWidth > 0 && Console.BufferHeight > 0 ? new Size(Console.BufferWidth, Console.BufferHeight) : new Size(80, 40);
        set { }
    }

    public override Size WindowSize { get => BufferSize; set { } }
    public override Size MaxWindowSize => BufferSize;
    public override Size MaxPhysicalWindowSize => BufferSize;
    public override Coordinates WindowPosition { get; set; }
    public override Coordinates CursorPosition { get; set; }
    public override int CursorSize { get; set; } = 25;
    public override string WindowTitle { get; set; } = "";
    public override bool KeyAvailable => Console.KeyAvailable;
    public override void FlushInputBuffer() { }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw ConsoleUI.NoPrompt();
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new PSNotImplementedException();
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) { }
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) { }
}
