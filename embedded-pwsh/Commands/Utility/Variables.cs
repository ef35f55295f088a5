namespace Microsoft.PowerShell.Commands;

public abstract class VariableCommandBase : PSCmdlet
{
    [Parameter, ValidateNotNullOrEmpty] public string? Scope { get; set; }

    /// <summary>The variables of one scope, or with none those that the caller sees.</summary>
    protected IEnumerable<PSVariable> Matching(string name, string? scope)
    {
        var all = Engine.Get(SessionState, "Internal")!;
        var table = (IDictionary<string, PSVariable>)(scope == null
            ? Engine.Call(all, "GetVariableTable")
            : Engine.Call(all, "GetVariableTableAtScope", scope))!;
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return table.Where(entry => pattern.IsMatch(entry.Key)).Select(entry => entry.Value)
            .OrderBy(variable => variable.Name, StringComparer.CurrentCultureIgnoreCase).ToList();
    }
}

[Cmdlet(VerbsCommon.Get, "Variable")]
public sealed class GetVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];
    [Parameter] public SwitchParameter ValueOnly { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = Matching(name, Scope);
            if (!found.Any() && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                var (type, text) = (typeof(ItemNotFoundException).FullName!, "Cannot find a variable with the name '{0}'.");
                var missing = (ItemNotFoundException)Engine.New(type, name, "VariableNotFound", text);
                WriteError(new ErrorRecord(missing.ErrorRecord, missing));
            }
            foreach (var variable in found) WriteObject(ValueOnly ? variable.Value : variable);
        }
    }
}

[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
public sealed class SetVariableCommand : VariableCommandBase
{
    private readonly List<object?> _values = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; } = [];
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public object? Value { get; set; }
    [Parameter] public ScopedItemOptions Option { get; set; }
    [Parameter] public SwitchParameter Append { get; set; }

    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Value))) _values.Add(Value);
    }

    protected override void EndProcessing()
    {
        foreach (var name in Name)
        {
            var found = Matching(name, Scope ?? "Local").ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) found.Add(new PSVariable(name));
            foreach (var variable in found)
                if (ShouldProcess($"Name: {variable.Name} Value: {Value}", "Set variable")) Assign(variable);
        }
    }

    private void Assign(PSVariable variable)
    {
        try
        {
            if (Append && variable.Value != null) _values.InsertRange(0, LanguagePrimitives.ConvertTo<object?[]>(variable.Value));
            variable.Value = _values.Count > 1 ? _values.ToArray() : _values.FirstOrDefault();
            if (MyInvocation.BoundParameters.ContainsKey(nameof(Option))) variable.Options = Option;
            var all = Engine.Get(SessionState, "Internal")!;
            Engine.Call(all, "SetVariableAtScope", variable, Scope ?? "Local", false, MyInvocation.CommandOrigin);
        }
        catch (SessionStateException e)
        {
            WriteError(new ErrorRecord(e.ErrorRecord, e));
        }
    }
}

[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public string Command { get; set; } = "";

    protected override void ProcessRecord() =>
        InvokeCommand.InvokeScript(Command, useNewScope: false, PipelineResultTypes.Output | PipelineResultTypes.Error, null, null);
}
