namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPathCommand : CoreCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true), Alias("PSPath")]
    public string[] Path { get; set; } = [];
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true), AllowNull, AllowEmptyString]
    public string?[] ChildPath { get; set; } = [];
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ValueFromRemainingArguments = true), AllowNull, AllowEmptyString]
    [AllowEmptyCollection] public string?[] AdditionalChildPath { get; set; } = [];
    [Parameter] public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            OrWriteError(() =>
            {
                var joined = ChildPath.Concat(AdditionalChildPath).Aggregate(path, SessionState.Path.Combine);
                if (!Resolve) WriteObject(joined);
                else foreach (var item in ResolvedPaths(joined)) WriteObject(item.Path);
            });
        }
    }
}

[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "ParentSet")]
public sealed class SplitPathCommand : CoreCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];
    [Parameter(ParameterSetName = "ParentSet")] public SwitchParameter Parent { get; set; }
    [Parameter(ParameterSetName = "LeafSet", Mandatory = true)] public SwitchParameter Leaf { get; set; }
    [Parameter(ParameterSetName = "LeafBaseSet", Mandatory = true)] public SwitchParameter LeafBase { get; set; }
    [Parameter(ParameterSetName = "ExtensionSet", Mandatory = true)] public SwitchParameter Extension { get; set; }
    [Parameter(ParameterSetName = "IsAbsoluteSet", Mandatory = true)] public SwitchParameter IsAbsolute { get; set; }
    [Parameter] public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        var paths = Resolve ? Path.SelectMany(path => ResolvedPaths(path)).Select(item => item.Path) : Path;
        foreach (var path in paths) OrWriteError(() => WriteObject(Part(path)));
    }

    private object Part(string path) => ParameterSetName switch
    {
        "LeafSet" => SessionState.Path.ParseChildName(path),
        "LeafBaseSet" => System.IO.Path.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(path)),
        "ExtensionSet" => System.IO.Path.GetExtension(SessionState.Path.ParseChildName(path)),
        "IsAbsoluteSet" => SessionState.Path.IsPSAbsolute(path, out _),
        _ => SessionState.Path.ParseParent(path, "")
    };
}

[Cmdlet(VerbsCommon.Get, "Location")]
public sealed class GetLocationCommand : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(SessionState.Path.CurrentLocation);
}

[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
public class SetLocationCommand : CoreCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PSPath", "LP")]
    public string? LiteralPath { get => Path; set => (IsLiteral, Path) = (true, value); }
    [Parameter] public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => OrWriteError(() =>
    {
        var now = (PathInfo)Engine.Call(SessionState.Path, "SetLocation", Path ?? "", NewContext(), IsLiteral)!;
        if (PassThru) WriteObject(now);
    });
}

[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
public sealed class PushLocationCommand : SetLocationCommand
{
    [Parameter(ValueFromPipelineByPropertyName = true)] public string? StackName { get; set; }

    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        if (Path != null) base.ProcessRecord();
    }
}

[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : CoreCommandBase
{
    [Parameter(ValueFromPipelineByPropertyName = true)] public string? StackName { get; set; }

    protected override void ProcessRecord() => OrWriteError(() => SessionState.Path.PopLocation(StackName));
}
