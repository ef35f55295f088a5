using System.Management.Automation.Host;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutputCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromRemainingArguments = true), AllowNull]
    [AllowEmptyCollection] public PSObject? InputObject { get; set; }
    [Parameter] public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => WriteObject(InputObject, InputObject != null && !NoEnumerate);
}

[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    private ConsoleColor? _foreground;
    private ConsoleColor? _background;

    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true), Alias("Msg", "Message")]
    public object? Object { get; set; }
    [Parameter] public SwitchParameter NoNewline { get; set; }
    [Parameter] public object Separator { get; set; } = " ";
    [Parameter]
    public ConsoleColor ForegroundColor { get => _foreground ?? Host.UI.RawUI.ForegroundColor; set => _foreground = value; }
    [Parameter]
    public ConsoleColor BackgroundColor { get => _background ?? Host.UI.RawUI.BackgroundColor; set => _background = value; }

    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage {Message = Text(Object), NoNewLine = NoNewline};
        try
        {
            (message.ForegroundColor, message.BackgroundColor) = (ForegroundColor, BackgroundColor);
        }
        catch (HostException)
        {
            // No console, no colours.
        }
        WriteInformation(message, ["PSHOST"]);
    }

    private string Text(object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            null => "",
            string text => text,
            IEnumerable list => string.Join(Separator.ToString(), list.Cast<object?>().Select(Text)),
            _ => value!.ToString()!
        };
    }
}

public class WriteErrorException(string? message) : SystemException(message);

[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException")]
public sealed class WriteErrorCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "WithException", Mandatory = true)] public Exception? Exception { get; set; }
    [Parameter(Position = 0, ParameterSetName = "NoException", Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "WithException"), AllowNull, AllowEmptyString, Alias("Msg")] public string? Message { get; set; }
    [Parameter(Position = 0, ParameterSetName = "ErrorRecord", Mandatory = true)] public ErrorRecord? ErrorRecord { get; set; }
    [Parameter(ParameterSetName = "NoException"), Parameter(ParameterSetName = "WithException")]
    public ErrorCategory Category { get; set; }
    [Parameter(ParameterSetName = "NoException"), Parameter(ParameterSetName = "WithException")]
    public string ErrorId { get; set; } = "";
    [Parameter(ParameterSetName = "NoException"), Parameter(ParameterSetName = "WithException")]
    public object? TargetObject { get; set; }

    protected override void ProcessRecord()
    {
        var record = ErrorRecord != null ? new ErrorRecord(ErrorRecord, null) : NewRecord();
        // The error is the script's, not this command's: it carries the position of the caller.
        if (GetVariableValue("MyInvocation") is InvocationInfo caller)
        {
            Engine.Call(record, "SetInvocationInfo", caller);
            Engine.Set(record, "PreserveInvocationInfoOnce", true);
            record.CategoryInfo.Activity = "Write-Error";
        }
        WriteError(record);
    }

    private ErrorRecord NewRecord()
    {
        var exception = Exception ?? new WriteErrorException(Message);
        var record = new ErrorRecord(exception, ErrorId != "" ? ErrorId : exception.GetType().FullName, Category, TargetObject);
        if (Exception != null && !string.IsNullOrEmpty(Message)) record.ErrorDetails = new ErrorDetails(Message);
        return record;
    }
}

public abstract class WriteTextCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowEmptyString, Alias("Msg")]
    public string Message { get; set; } = "";
}

[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarningCommand : WriteTextCommand
{
    protected override void ProcessRecord() => WriteWarning(Message);
}

[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerboseCommand : WriteTextCommand
{
    protected override void ProcessRecord() => WriteVerbose(Message);
}

[Cmdlet(VerbsCommunications.Write, "Debug")]
public sealed class WriteDebugCommand : WriteTextCommand
{
    protected override void ProcessRecord() => WriteDebug(Message);
}

[Cmdlet(VerbsCommunications.Write, "Information")]
public sealed class WriteInformationCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), Alias("Msg", "Message"), AllowNull]
    public object? MessageData { get; set; }
    [Parameter(Position = 1)] public string[] Tags { get; set; } = [];

    protected override void ProcessRecord() => WriteInformation(MessageData, Tags);
}

[Cmdlet(VerbsCommunications.Write, "Progress")]
public sealed class WriteProgressCommand : PSCmdlet
{
    [Parameter(Position = 0)] public string? Activity { get; set; }
    [Parameter(Position = 1)] public string? Status { get; set; }
    [Parameter(Position = 2)] public int Id { get; set; }
    [Parameter, ValidateRange(-1, 100)] public int PercentComplete { get; set; } = -1;
    [Parameter] public int SecondsRemaining { get; set; } = -1;
    [Parameter] public int ParentId { get; set; } = -1;
    [Parameter] public SwitchParameter Completed { get; set; }

    protected override void ProcessRecord()
    {
        var activity = string.IsNullOrEmpty(Activity) ? " " : Activity;
        WriteProgress(new ProgressRecord(Id, activity, string.IsNullOrEmpty(Status) ? "Processing" : Status)
        {
            ParentActivityId = ParentId,
            PercentComplete = PercentComplete,
            SecondsRemaining = SecondsRemaining,
            RecordType = Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing
        });
    }
}

[Cmdlet(VerbsCommunications.Read, "Host")]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true), AllowNull] public object? Prompt { get; set; }

    protected override void BeginProcessing()
    {
        if (Prompt == null) WriteObject(Host.UI.ReadLine());
        else WriteObject(Host.UI.Prompt("", "", [new FieldDescription(LanguagePrimitives.ConvertTo<string>(Prompt))]).Values, true);
    }
}
