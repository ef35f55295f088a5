using System.Management.Automation.Host;

namespace EmbeddedPwsh;

/// <summary>Named fields as in pwsh's own ConsoleHost, for programs that look into it by reflection.</summary>
public sealed class ConsoleHost(CommandLine line) : PSHost, IHostSupportsInteractiveSession
{
    private ConsoleUI? _ui;
    private TextWriter? _outputSerializer;
    private TextWriter? _errorSerializer;
    private bool _setShouldExitCalled;
    private int _exitCodeFromRunspace;

    public override string Name => "ConsoleHost";
    public override Version Version => (Version)Engine.CallStatic("System.Management.Automation.PSVersionInfo", "get_PSVersion")!;
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;
    public override PSHostUserInterface UI => _ui ??= new ConsoleUI(this);
    public Runspace Runspace { get; set; } = null!;
    public bool IsRunspacePushed => false;

    /// <summary>The code given to SetShouldExit, which is also how the engine passes on `exit`.</summary>
    public int? ExitCode => _setShouldExitCalled ? _exitCodeFromRunspace : null;

    /// <summary>Like pwsh, keeps the writer of the first output for good, whatever [Console]::SetOut says later.</summary>
    public TextWriter Output => _outputSerializer ??= line.XmlOutput == true ? new ClixmlWriter(Console.Out, "Output") : Console.Out;
    public TextWriter Error => !ErrorsAreXml ? Console.Error : _errorSerializer ??= new ClixmlWriter(Console.Error, "Error");
    private bool ErrorsAreXml => line.XmlOutput ?? (line.Encoded && line.NonInteractive && Console.IsErrorRedirected);

    public override void SetShouldExit(int exitCode)
    {
        _setShouldExitCalled = true;
        _exitCodeFromRunspace = exitCode;
    }

    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
    public override void EnterNestedPrompt() => throw new PSNotSupportedException("The embedded PowerShell has no prompt.");
    public override void ExitNestedPrompt() => throw new PSNotSupportedException("The embedded PowerShell has no prompt.");

    public void PushRunspace(Runspace runspace) => throw new PSNotSupportedException("The embedded PowerShell enters no remote sessions.");
    public void PopRunspace() => throw new PSNotSupportedException("The embedded PowerShell enters no remote sessions.");

    public void Close()
    {
        (_outputSerializer as ClixmlWriter)?.End();
        (_errorSerializer as ClixmlWriter)?.End();
    }
}
