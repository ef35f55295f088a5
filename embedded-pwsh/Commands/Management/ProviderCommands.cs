namespace Microsoft.PowerShell.Commands;

/// <summary>A cmdlet whose work a provider of the engine does. Its context carries filters and errors.</summary>
public abstract class CoreCommandBase : PSCmdlet, IDynamicParameters
{
    private object? _dynamicParameters;

    public virtual string Filter { get; set; } = null!;
    public virtual string[] Include { get; set; } = [];
    public virtual string[] Exclude { get; set; } = [];
    public virtual SwitchParameter Force { get; set; }

    protected bool IsLiteral { get; set; }

    public object? GetDynamicParameters()
    {
        object? found = null;
        OrWriteError(() => found = DynamicParametersOf(NewContext(passThru: false)), silent: true);
        return _dynamicParameters = found;
    }

    protected virtual object? DynamicParametersOf(object context) => null;

    /// <summary>A resolved path, to be found as it is by what would expand wildcards.</summary>
    protected string Exactly(PathInfo item) => IsLiteral ? item.Path : WildcardPattern.Escape(item.Path);

    protected object NewContext(bool passThru = true)
    {
        var context = Engine.New("System.Management.Automation.CmdletProviderContext", this);
        Engine.Set(context, "Force", Force);
        Engine.Set(context, "PassThru", passThru);
        Engine.Set(context, "SuppressWildcardExpansion", IsLiteral);
        Engine.Set(context, "DynamicParameters", _dynamicParameters);
        Engine.Call(context, "SetFilters", new Collection<string>(Include), new Collection<string>(Exclude), Filter);
        return context;
    }

    protected void OrWriteError(Action action, bool silent = false)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is PSNotSupportedException or PSArgumentException or SessionStateException)
        {
            if (!silent) WriteError(new ErrorRecord(((IContainsErrorRecord)e).ErrorRecord, e));
        }
    }

    /// <summary>The items that a path means. A context made from another keeps its errors to itself.</summary>
    protected Collection<PathInfo> ResolvedPaths(string path, bool silent = false)
    {
        var found = new Collection<PathInfo>();
        var context = silent ? Engine.New("System.Management.Automation.CmdletProviderContext", NewContext()) : NewContext();
        const string resolve = "GetResolvedPSPathFromPSPath";
        OrWriteError(() => found = (Collection<PathInfo>)Engine.Call(SessionState.Path, resolve, path, context)!, silent);
        return found;
    }
}

/// <summary>-Path with wildcards or -LiteralPath without, and the filters that go with them.</summary>
public abstract class PathCommandBase : CoreCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true), Alias("PSPath", "LP")]
    public string[] LiteralPath { get => Path; set => (IsLiteral, Path) = (true, value); }
    [Parameter] public override string Filter { get => base.Filter; set => base.Filter = value; }
    [Parameter] public override string[] Include { get => base.Include; set => base.Include = value; }
    [Parameter] public override string[] Exclude { get => base.Exclude; set => base.Exclude = value; }
}

public abstract class ForcedPathCommandBase : PathCommandBase
{
    [Parameter] public override SwitchParameter Force { get => base.Force; set => base.Force = value; }
}
