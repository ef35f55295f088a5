using System.ComponentModel;
using System.Diagnostics;

namespace Microsoft.PowerShell.Commands;

public class ProcessCommandException(string message, Exception? inner) : SystemException(message, inner);

public abstract class ProcessBaseCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[]? InputObject { get; set; }

    protected List<Process> Find(string[]? names, int[]? ids)
    {
        var found = InputObject ?? ids?.Select(ById).OfType<Process>() ?? names?.SelectMany(ByName) ?? Process.GetProcesses();
        var sorted = found.OrderBy(NameOf, StringComparer.OrdinalIgnoreCase).ThenBy(process => process.Id);
        return sorted.DistinctBy(process => process.Id).ToList();
    }

    protected void WriteProblem(string text, string id, ErrorCategory category, object target, Exception? inner = null) =>
        WriteError(new ErrorRecord(new ProcessCommandException(text, inner), id, category, target));

    protected static string NameOf(Process process)
    {
        try
        {
            return process.ProcessName;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return "";
        }
    }

    private Process? ById(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            var text = $"Cannot find a process with the process identifier {id}.";
            WriteProblem(text, "NoProcessFoundForGivenId", ErrorCategory.ObjectNotFound, id);
            return null;
        }
    }

    private IEnumerable<Process> ByName(string name)
    {
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        var found = Process.GetProcesses().Where(process => pattern.IsMatch(NameOf(process))).ToList();
        if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
        {
            var text = $"Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again.";
            WriteProblem(text, "NoProcessFoundForGivenName", ErrorCategory.ObjectNotFound, name);
        }
        return found;
    }
}

[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
public sealed class GetProcessCommand : ProcessBaseCommand
{
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true), Alias("ProcessName")]
    public string[]? Name { get; set; }
    [Parameter(ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PID")]
    public int[]? Id { get; set; }

    protected override void ProcessRecord() => WriteObject(Find(Name, Id), enumerateCollection: true);
}

[Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
public sealed class StopProcessCommand : ProcessBaseCommand
{
    private bool _isOwnTurn;

    [Parameter(Position = 0, ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public int[]? Id { get; set; }
    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("ProcessName")]
    public string[]? Name { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var process in Find(Name, Id))
        {
            var name = $"{NameOf(process)} ({process.Id})";
            if (!ShouldProcess(name)) continue;
            if (process.Id == Environment.ProcessId)
            {
                _isOwnTurn = true;
                continue;
            }
            try
            {
                process.Kill();
                if (PassThru) WriteObject(process);
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                var text = $"Cannot stop process \"{name}\" because of the following error: {e.Message}";
                if (!process.HasExited) WriteProblem(text, "CouldNotStopProcess", ErrorCategory.CloseError, process, e);
            }
        }
    }

    /// <summary>This very process last, after all others.</summary>
    protected override void EndProcessing()
    {
        if (_isOwnTurn) Process.GetCurrentProcess().Kill();
    }
}

[Cmdlet(VerbsLifecycle.Start, "Process", SupportsShouldProcess = true)]
public sealed class StartProcessCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    [Parameter(Mandatory = true, Position = 0), Alias("PSPath", "Path"), ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";
    [Parameter(Position = 1), Alias("Args")] public string[] ArgumentList { get; set; } = [];
    [Parameter, ValidateNotNullOrEmpty] public string? WorkingDirectory { get; set; }
    [Parameter, Alias("nnw")] public SwitchParameter NoNewWindow { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }
    [Parameter] public SwitchParameter Wait { get; set; }
    [Parameter, Alias("RSO")] public string? RedirectStandardOutput { get; set; }
    [Parameter, Alias("RSE")] public string? RedirectStandardError { get; set; }

    public void Dispose() => _stop.Dispose();

    protected override void BeginProcessing()
    {
        var start = new ProcessStartInfo
        {
            FileName = InvokeCommand.GetCommand(FilePath, CommandTypes.Application | CommandTypes.ExternalScript)?.Definition ?? FilePath,
            Arguments = string.Join(' ', ArgumentList),
            WorkingDirectory = Full(WorkingDirectory) ?? SessionState.Path.CurrentFileSystemLocation.Path,
            CreateNoWindow = NoNewWindow,
            RedirectStandardOutput = RedirectStandardOutput != null,
            RedirectStandardError = RedirectStandardError != null
        };
        if (ShouldProcess($"{start.FileName} {start.Arguments}".Trim())) Run(start);
    }

    protected override void StopProcessing() => _stop.Cancel();

    private void Run(ProcessStartInfo start)
    {
        Task[] copies;
        Process process;
        try
        {
            process = Process.Start(start)!;
            copies = [Copy(RedirectStandardOutput, () => process.StandardOutput), Copy(RedirectStandardError, () => process.StandardError)];
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            var text = $"This command cannot be run due to the error: {e.Message}";
            ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(text, e), "InvalidOperationException",
                ErrorCategory.InvalidOperation, null));
            return;
        }
        if (PassThru) WriteObject(process);
        if (!Wait) return;
        process.WaitForExitAsync(_stop.Token).GetAwaiter().GetResult();
        Task.WaitAll(copies, _stop.Token);
    }

    private Task Copy(string? file, Func<StreamReader> from)
    {
        if (file == null) return Task.CompletedTask;
        var to = File.Create(Full(file)!);
        return from().BaseStream.CopyToAsync(to).ContinueWith(_ => to.Dispose());
    }

    private string? Full(string? path) => path == null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
