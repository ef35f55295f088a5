namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Seconds", ValueFromPipeline = true)]
    [ValidateRange(0.0, int.MaxValue / 1000.0)] public double Seconds { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds", ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue), Alias("ms")] public int Milliseconds { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "FromTimeSpan", Position = 0), Alias("ts")]
    public TimeSpan Duration { get; set; }

    public void Dispose() => _stop.Dispose();

    protected override void ProcessRecord() => _stop.Wait(ParameterSetName switch
    {
        "Seconds" => (int)(Seconds * 1000),
        "Milliseconds" => Milliseconds,
        _ => (int)Duration.TotalMilliseconds
    });

    protected override void StopProcessing() => _stop.Set();
}

public enum DisplayHintType { Date, Time, DateTime }

[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = "DateAndFormat")]
public sealed class GetDateCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "DateAndFormat", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LastWriteTime")] public DateTime Date { get; set; } = DateTime.Now;
    [Parameter(Mandatory = true, ParameterSetName = "UnixTimeSecondsAndFormat"), Alias("UnixTime")]
    public long UnixTimeSeconds { get; set; }
    [Parameter, ValidateRange(1, 9999)] public int? Year { get; set; }
    [Parameter, ValidateRange(1, 12)] public int? Month { get; set; }
    [Parameter, ValidateRange(1, 31)] public int? Day { get; set; }
    [Parameter, ValidateRange(0, 23)] public int? Hour { get; set; }
    [Parameter, ValidateRange(0, 59)] public int? Minute { get; set; }
    [Parameter, ValidateRange(0, 59)] public int? Second { get; set; }
    [Parameter, ValidateRange(0, 999)] public int? Millisecond { get; set; }
    [Parameter] public DisplayHintType DisplayHint { get; set; } = DisplayHintType.DateTime;
    [Parameter(ParameterSetName = "DateAndFormat"), Parameter(ParameterSetName = "UnixTimeSecondsAndFormat")]
    public string? Format { get; set; }
    [Parameter] public SwitchParameter AsUTC { get; set; }

    protected override void ProcessRecord()
    {
        var isUnix = ParameterSetName == "UnixTimeSecondsAndFormat";
        var date = isUnix ? DateTimeOffset.FromUnixTimeSeconds(UnixTimeSeconds).LocalDateTime : Date;
        if (Year is { } year) date = date.AddYears(year - date.Year);
        if (Month is { } month) date = date.AddMonths(month - date.Month);
        if (Day is { } day) date = date.AddDays(day - date.Day);
        if (Hour is { } hour) date = date.AddHours(hour - date.Hour);
        if (Minute is { } minute) date = date.AddMinutes(minute - date.Minute);
        if (Second is { } second) date = date.AddSeconds(second - date.Second);
        if (Millisecond is { } millisecond)
            date = new DateTime(date.Ticks - date.Ticks % TimeSpan.TicksPerSecond, date.Kind).AddMilliseconds(millisecond);
        if (AsUTC || Format?.EndsWith("Universal", StringComparison.OrdinalIgnoreCase) == true) date = date.ToUniversalTime();
        if (Format != null) WriteObject(date.ToString(Named(Format), CultureInfo.CurrentCulture));
        else
        {
            var shown = new PSObject(date);
            shown.Properties.Add(new PSNoteProperty("DisplayHint", DisplayHint));
            WriteObject(shown);
        }
    }

    private static string Named(string format) => format.ToLowerInvariant() switch
    {
        "filedate" => "yyyyMMdd",
        "filedateuniversal" => "yyyyMMddZ",
        "filedatetime" => "yyyyMMddTHHmmssffff",
        "filedatetimeuniversal" => "yyyyMMddTHHmmssffffZ",
        _ => format
    };
}

[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "RandomNumberParameterSet")]
public sealed class GetRandomCommand : PSCmdlet
{
    private readonly List<object?> _items = [];

    [Parameter(Position = 0, ParameterSetName = "RandomNumberParameterSet")] public object? Maximum { get; set; }
    [Parameter(ParameterSetName = "RandomNumberParameterSet")] public object? Minimum { get; set; }
    [Parameter(Position = 0, ParameterSetName = "RandomListItemParameterSet", Mandatory = true, ValueFromPipeline = true), AllowNull]
    public object?[] InputObject { get; set; } = [];
    [Parameter, ValidateRange(1, int.MaxValue)] public int Count { get; set; } = 1;

    protected override void ProcessRecord() => _items.AddRange(InputObject);

    protected override void EndProcessing()
    {
        if (ParameterSetName == "RandomListItemParameterSet")
        {
            var items = _items.ToArray();
            Random.Shared.Shuffle(items);
            WriteObject(items.Take(Count), enumerateCollection: true);
            return;
        }
        var (minimum, maximum) = (Bound(Minimum ?? 0), Bound(Maximum ?? int.MaxValue));
        var (low, high) = (Convert.ToDouble(minimum), Convert.ToDouble(maximum));
        if (low >= high)
        {
            var text = $"The Minimum value ({low}) cannot be greater than or equal to the Maximum value ({high}).";
            var failure = new ArgumentException(text);
            ThrowTerminatingError(new ErrorRecord(failure, "MinGreaterThanOrEqualMax", ErrorCategory.InvalidArgument, null));
        }
        for (var i = 0; i < Count; i++)
        {
            if (minimum is int from && maximum is int to) WriteObject(Random.Shared.Next(from, to));
            else WriteObject(low + Random.Shared.NextDouble() * (high - low));
        }
    }

    /// <summary>Two ints give an int, all else a double; whole numbers of 64 bits are not supported.</summary>
    private static object Bound(object value)
    {
        if (value is PSObject wrapped) value = wrapped.BaseObject;
        if (value is long) throw new PSNotSupportedException("The embedded Get-Random takes no 64-bit numbers.");
        if (value is not (double or float or decimal) && LanguagePrimitives.TryConvertTo(value, out int whole)) return whole;
        return LanguagePrimitives.ConvertTo<double>(value);
    }
}
