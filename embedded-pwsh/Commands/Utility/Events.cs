namespace Microsoft.PowerShell.Commands;

public abstract class EventSubscriberCommandBase : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "BySource", ValueFromPipelineByPropertyName = true)]
    public string SourceIdentifier { get; set; } = "*";
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ById", ValueFromPipelineByPropertyName = true), Alias("Id")]
    public int SubscriptionId { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }

    protected abstract void Process(PSEventSubscriber subscriber);

    /// <summary>Subscribers that serve a job or another cmdlet are only seen with -Force.</summary>
    protected override void ProcessRecord()
    {
        var isById = ParameterSetName == "ById";
        var pattern = WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        var found = Events.Subscribers.Where(known => Force || !known.SupportEvent)
            .Where(known => isById ? known.SubscriptionId == SubscriptionId : pattern.IsMatch(known.SourceIdentifier)).ToList();
        found.ForEach(Process);
        if (found.Count > 0 || (!isById && WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))) return;
        var (text, id) = isById
            ? ($"The event subscription with identifier '{SubscriptionId}' does not exist.", "INVALID_SUBSCRIPTION_IDENTIFIER")
            : ($"Event subscription with source identifier '{SourceIdentifier}' does not exist.", "INVALID_SOURCE_IDENTIFIER");
        WriteError(new ErrorRecord(new ArgumentException(text), id, ErrorCategory.InvalidArgument, null));
    }
}

[Cmdlet(VerbsCommon.Get, "EventSubscriber", DefaultParameterSetName = "BySource")]
public sealed class GetEventSubscriberCommand : EventSubscriberCommandBase
{
    protected override void Process(PSEventSubscriber subscriber) => WriteObject(subscriber);
}

[Cmdlet(VerbsLifecycle.Unregister, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource")]
public sealed class UnregisterEventCommand : EventSubscriberCommandBase
{
    protected override void BeginProcessing()
    {
        if (MyInvocation.ExpectingInput || MyInvocation.BoundParameters.Keys.Any(name => name != nameof(Force))) return;
        throw new PSArgumentException("Unregister-Event needs -SourceIdentifier or -SubscriptionId.");
    }

    protected override void Process(PSEventSubscriber subscriber)
    {
        if (ShouldProcess($"Event subscription '{subscriber.SourceIdentifier}'", "Unsubscribe")) Events.UnsubscribeEvent(subscriber);
    }
}

[Cmdlet(VerbsCommon.Get, "PSBreakpoint")]
public sealed class GetPSBreakpointCommand : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(Runspace.DefaultRunspace.Debugger.GetBreakpoints(), enumerateCollection: true);
}

[Cmdlet(VerbsCommon.Remove, "PSBreakpoint", SupportsShouldProcess = true)]
public sealed class RemovePSBreakpointCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)] public Breakpoint[] Breakpoint { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var one in Breakpoint)
            if (ShouldProcess($"Breakpoint {one.Id}")) Runspace.DefaultRunspace.Debugger.RemoveBreakpoint(one);
    }
}
