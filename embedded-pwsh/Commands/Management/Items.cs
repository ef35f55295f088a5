namespace Microsoft.PowerShell.Commands;

public enum TestPathType { Any, Container, Leaf }

[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : ForcedPathCommandBase
{
    protected override void ProcessRecord()
    {
        foreach (var path in Path) OrWriteError(() => Engine.Call(InvokeProvider.Item, "Get", path, NewContext()));
    }
}

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
public sealed class GetChildItemCommand : CoreCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }
    [Parameter(ParameterSetName = "LiteralItems", Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PSPath", "LP")]
    public string[]? LiteralPath { get => Path; set => (IsLiteral, Path) = (true, value); }
    [Parameter(Position = 1)] public override string Filter { get => base.Filter; set => base.Filter = value; }
    [Parameter] public override string[] Include { get => base.Include; set => base.Include = value; }
    [Parameter] public override string[] Exclude { get => base.Exclude; set => base.Exclude = value; }
    [Parameter, Alias("s", "r")] public SwitchParameter Recurse { get; set; }
    [Parameter] public uint Depth { get; set; } = uint.MaxValue;
    [Parameter] public override SwitchParameter Force { get => base.Force; set => base.Force = value; }
    [Parameter] public SwitchParameter Name { get; set; }

    private bool Deep => Recurse || Depth != uint.MaxValue;

    protected override object? DynamicParametersOf(object context) =>
        Engine.Call(InvokeProvider.ChildItem, "GetChildItemsDynamicParameters", Path is [var first, ..] ? first : ".", Deep, context);

    protected override void ProcessRecord()
    {
        foreach (var path in Path is {Length: > 0} ? Path : [""])
        {
            const ReturnContainers containers = ReturnContainers.ReturnMatchingContainers;
            OrWriteError(() => _ = Name
                ? Engine.Call(InvokeProvider.ChildItem, "GetNames", path, containers, Deep, Depth, NewContext())
                : Engine.Call(InvokeProvider.ChildItem, "Get", path, Deep, Depth, NewContext()));
        }
    }
}

[Cmdlet(VerbsCommon.New, "Item", DefaultParameterSetName = "pathSet", SupportsShouldProcess = true)]
public sealed class NewItemCommand : CoreCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "pathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "nameSet", Mandatory = false, ValueFromPipelineByPropertyName = true)]
    public string[]? Path { get; set; }
    [Parameter(ParameterSetName = "nameSet", Mandatory = true, ValueFromPipelineByPropertyName = true), AllowNull, AllowEmptyString]
    public string? Name { get; set; }
    [Parameter(ValueFromPipelineByPropertyName = true), Alias("Type")] public string? ItemType { get; set; }
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true), Alias("Target")]
    public object? Value { get; set; }
    [Parameter] public override SwitchParameter Force { get => base.Force; set => base.Force = value; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path is {Length: > 0} ? Path : [""])
            OrWriteError(() => Engine.Call(InvokeProvider.Item, "New", path, Name, ItemType, Value, NewContext()));
    }
}

[Cmdlet(VerbsCommon.Remove, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
public sealed class RemoveItemCommand : ForcedPathCommandBase
{
    [Parameter] public SwitchParameter Recurse { get; set; }

    protected override void ProcessRecord()
    {
        bool yesToAll = false, noToAll = false;
        foreach (var path in Path)
        foreach (var item in ResolvedPaths(path))
        {
            if ((bool)Engine.Call(SessionState.Path, "IsCurrentLocationOrAncestor", item.Path, NewContext())!)
            {
                var inUse = new PSInvalidOperationException($"Cannot remove the item at '{item.Path}' because it is in use.");
                WriteError(new ErrorRecord(inUse.ErrorRecord, inUse));
                continue;
            }
            var recurse = Recurse.IsPresent;
            var isLink = item.Provider.Name == "FileSystem" && new DirectoryInfo(item.ProviderPath).LinkTarget != null;
            if (!recurse && !isLink && InvokeProvider.ChildItem.HasChild(item.Path, Force, literalPath: true))
            {
                var question = $"The item at {item.Path} has children and the Recurse parameter was not specified. " +
                    "If you continue, all children will be removed with the item. Are you sure you want to continue?";
                if (!ShouldContinue(question, null, ref yesToAll, ref noToAll)) continue;
                recurse = true;
            }
            OrWriteError(() => Engine.Call(InvokeProvider.Item, "Remove", Exactly(item), recurse, NewContext()));
        }
    }
}

[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
public sealed class TestPathCommand : CoreCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyCollection, AllowEmptyString] public string[]? Path { get; set; }
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PSPath", "LP")]
    [AllowNull, AllowEmptyCollection, AllowEmptyString]
    public string[]? LiteralPath { get => Path; set => (IsLiteral, Path) = (true, value); }
    [Parameter] public override string Filter { get => base.Filter; set => base.Filter = value; }
    [Parameter] public override string[] Include { get => base.Include; set => base.Include = value; }
    [Parameter] public override string[] Exclude { get => base.Exclude; set => base.Exclude = value; }
    [Parameter, Alias("Type")] public TestPathType PathType { get; set; }
    [Parameter] public SwitchParameter IsValid { get; set; }

    protected override void ProcessRecord()
    {
        if (Path is not {Length: > 0})
        {
            var text = "The provided Path argument was null or an empty collection.";
            WriteError(new ErrorRecord(new ArgumentNullException(text), "NullPathNotPermitted", ErrorCategory.InvalidArgument, Path));
            return;
        }
        foreach (var path in Path)
        {
            var result = false;
            if (!string.IsNullOrWhiteSpace(path)) OrWriteError(() => result = Test(path), silent: true);
            WriteObject(result);
        }
    }

    private bool Test(string path)
    {
        var context = NewContext(passThru: false);
        if (IsValid) return (bool)Engine.Call(SessionState.Path, "IsValid", path, context)!;
        if (!(bool)Engine.Call(InvokeProvider.Item, "Exists", path, context)!) return false;
        if (PathType == TestPathType.Any) return true;
        return (bool)Engine.Call(InvokeProvider.Item, "IsContainer", path, context)! == (PathType == TestPathType.Container);
    }
}
