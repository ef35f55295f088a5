using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

public abstract class ContentCommandBase : ForcedPathCommandBase
{
    /// <summary>The items that a path means. No match is an error here; a name without wildcards may be new to a writer.</summary>
    protected IEnumerable<string> Targets(string path, bool maybeNew)
    {
        var isPattern = !IsLiteral && WildcardPattern.ContainsWildcardCharacters(path);
        var found = ResolvedPaths(path, silent: maybeNew && !isPattern).Select(Exactly).ToList();
        if (found.Count > 0 || !isPattern) return found.Count == 0 && maybeNew ? [path] : found;
        var text = $"An object at the specified path {path} does not exist, or has been filtered by the -Include or -Exclude parameter.";
        WriteError(new ErrorRecord(new Exception(text), "ItemNotFound", ErrorCategory.ObjectNotFound, Path));
        return [];
    }
}

[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : ContentCommandBase
{
    [Parameter(ValueFromPipelineByPropertyName = true)] public long ReadCount { get; set; } = 1;
    [Parameter(ValueFromPipelineByPropertyName = true), Alias("First", "Head")] public long TotalCount { get; set; } = -1;
    [Parameter(ValueFromPipelineByPropertyName = true), Alias("Last")] public int Tail { get; set; } = -1;

    protected override object? DynamicParametersOf(object context) =>
        Engine.Call(InvokeProvider.Content, "GetContentReaderDynamicParameters", Path is [var first, ..] ? first : ".", context);

    protected override void ProcessRecord()
    {
        if (TotalCount >= 0 && Tail >= 0) throw new PSArgumentException("The parameters TotalCount and Tail cannot be used together.");
        foreach (var path in Path.SelectMany(path => Targets(path, maybeNew: false))) OrWriteError(() => Read(path));
    }

    private void Read(string path)
    {
        foreach (var reader in (Collection<IContentReader>)Engine.Call(InvokeProvider.Content, "GetReader", path, NewContext())!)
        using (reader)
        {
            if (Tail < 0)
            {
                for (var left = TotalCount; left != 0 && reader.Read(Block(left)) is {Count: > 0} block; left -= left > 0 ? block.Count : 0)
                    WriteBlock(block);
                continue;
            }
            var last = new Queue<object?>();
            while (reader.Read(1) is {Count: > 0} block)
            {
                last.Enqueue(block[0]);
                if (last.Count > Tail) last.Dequeue();
            }
            foreach (var batch in last.Chunk(ReadCount > 0 ? (int)ReadCount : int.MaxValue)) WriteBlock(batch);
        }
    }

    /// <summary>ReadCount 0 asks for everything at once.</summary>
    private long Block(long left) => left < 0 ? ReadCount : ReadCount == 0 ? left : Math.Min(ReadCount, left);
    private void WriteBlock(IList block) => WriteObject(block.Count == 1 ? block[0] : block);
}

public abstract class WriteContentCommandBase(string action) : ContentCommandBase, IDisposable
{
    private List<IContentWriter>? _writers;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyCollection] public object?[]? Value { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }

    protected override object? DynamicParametersOf(object context) =>
        Engine.Call(InvokeProvider.Content, "GetContentWriterDynamicParameters", Path is [var first, ..] ? first : ".", context);

    protected virtual void BeforeOpen(string path) { }
    protected virtual void AfterOpen(IContentWriter writer) { }

    protected override void ProcessRecord()
    {
        if (_writers == null)
        {
            _writers = [];
            foreach (var path in Path.SelectMany(path => Targets(path, maybeNew: true))) OrWriteError(() => Open(path));
        }
        foreach (var written in _writers.Select(writer => writer.Write(Value ?? [])))
            if (PassThru) WriteObject(written, enumerateCollection: true);
    }

    protected override void EndProcessing() => Dispose();

    public void Dispose()
    {
        foreach (var writer in _writers ?? []) writer.Close();
        _writers = null;
    }

    private void Open(string path)
    {
        if (!ShouldProcess($"Path: {SessionState.Path.GetUnresolvedProviderPathFromPSPath(path)}", action)) return;
        BeforeOpen(path);
        foreach (var writer in (Collection<IContentWriter>)Engine.Call(InvokeProvider.Content, "GetWriter", path, NewContext())!)
        {
            AfterOpen(writer);
            _writers!.Add(writer);
        }
    }
}

[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class SetContentCommand() : WriteContentCommandBase("Set Content")
{
    /// <summary>A provider that cannot clear, or an item that is not there, is no error yet.</summary>
    protected override void BeforeOpen(string path)
    {
        var context = Engine.New("System.Management.Automation.CmdletProviderContext", NewContext());
        OrWriteError(() => Engine.Call(InvokeProvider.Content, "Clear", path, context), silent: true);
    }
}

[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class AddContentCommand() : WriteContentCommandBase("Add Content")
{
    protected override void AfterOpen(IContentWriter writer) => writer.Seek(0, SeekOrigin.End);
}
