namespace Microsoft.PowerShell.Commands;

/// <summary>One value of -Property: a name, a script block, or a table such as @{Name = 'x'; Expression = {…}}.</summary>
internal sealed record PropertySpecification(PSPropertyExpression Expression, string? Name, bool? Descending)
{
    public static PropertySpecification Parse(object value, params string[] allowedKeys)
    {
        if (value is PSObject wrapped) value = wrapped.BaseObject;
        if (value is not IDictionary table) return new PropertySpecification(AsExpression(value), null, null);
        PSPropertyExpression? expression = null;
        string? name = null;
        bool? descending = null;
        foreach (DictionaryEntry entry in table)
        {
            var typed = entry.Key.ToString()!;
            var key = allowedKeys.FirstOrDefault(allowed => allowed.StartsWith(typed, StringComparison.OrdinalIgnoreCase));
            if (key == "expression") expression = AsExpression(entry.Value!);
            else if (key is "name" or "label") name = entry.Value?.ToString();
            else if (key != null) descending = LanguagePrimitives.IsTrue(entry.Value) == (key == "descending");
            else throw new PSNotSupportedException($"The {typed} key is not valid.");
        }
        if (expression == null) throw new PSNotSupportedException("The expression key is missing.");
        return new PropertySpecification(expression, name, descending);
    }

    private static PSPropertyExpression AsExpression(object value) =>
        value is ScriptBlock block ? new PSPropertyExpression(block) : new PSPropertyExpression(value.ToString());
}

/// <summary>The order of Sort-Object and -Unique: like the language's own, and as text where things cannot be compared.</summary>
internal sealed class ObjectOrder(CultureInfo culture, bool ignoreCase) : IComparer<object?>
{
    public int Compare(object? first, object? second)
    {
        if (first is PSObject one) first = one.BaseObject;
        if (second is PSObject other) second = other.BaseObject;
        if (LanguagePrimitives.TryCompare(first, second, ignoreCase, culture, out var result)) return result;
        var options = ignoreCase ? CompareOptions.IgnoreCase : CompareOptions.None;
        return culture.CompareInfo.Compare(first?.ToString(), second?.ToString(), options);
    }
}

[Cmdlet("Sort", "Object", DefaultParameterSetName = "Default")]
public sealed class SortObjectCommand : PSCmdlet
{
    private sealed record Key(bool Exists, object? Value);

    private readonly List<PSObject> _inputs = [];

    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[] Property { get; set; } = [];
    [Parameter] public SwitchParameter Descending { get; set; }
    [Parameter] public SwitchParameter Unique { get; set; }
    [Parameter(ParameterSetName = "Default")] public SwitchParameter Stable { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "Top"), ValidateRange(1, int.MaxValue)] public int Top { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "Bottom"), ValidateRange(1, int.MaxValue)] public int Bottom { get; set; }
    [Parameter] public CultureInfo Culture { get; set; } = CultureInfo.CurrentCulture;
    [Parameter] public SwitchParameter CaseSensitive { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject != null) _inputs.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        if (_inputs.Count == 0) return;
        var properties = (Property.Length > 0 ? Property : DefaultKeys(_inputs[0]))
            .Select(value => PropertySpecification.Parse(value, "expression", "ascending", "descending")).ToArray();
        var order = new ObjectOrder(Culture, !CaseSensitive);
        var comparer = Comparer<Key[]>.Create((first, second) => Compare(first, second, properties, order));
        var sorted = _inputs.Select(input => (Input: input, Keys: Keys(input, properties))).OrderBy(entry => entry.Keys, comparer).ToList();
        // Equal ones are neighbours now.
        if (Unique) sorted = sorted.Where((entry, i) => i == 0 || comparer.Compare(sorted[i - 1].Keys, entry.Keys) != 0).ToList();
        var wanted = Top > 0 ? sorted.Take(Top) : Bottom > 0 ? sorted.TakeLast(Bottom) : sorted;
        foreach (var (input, _) in wanted) WriteObject(input);
    }

    private static object[] DefaultKeys(PSObject input)
    {
        var standard = input.Members["PSStandardMembers"]?.Value as PSMemberSet;
        return (standard?.Members["DefaultKeyPropertySet"] as PSPropertySet)?.ReferencedPropertyNames.ToArray<object>() ?? [];
    }

    private Key[] Keys(PSObject input, PropertySpecification[] properties) => properties.Length == 0
        ? [new Key(true, input)]
        : properties.Select(property =>
        {
            if (property.Expression.GetValues(input) is not [var first, ..]) return new Key(false, null);
            if (first.Exception != null)
                WriteError(new ErrorRecord(first.Exception, "ExpressionEvaluation", ErrorCategory.InvalidResult, input));
            return new Key(true, first.Result);
        }).ToArray();

    /// <summary>What lacks a property comes last in either direction.</summary>
    private int Compare(Key[] first, Key[] second, PropertySpecification[] properties, ObjectOrder order)
    {
        for (var i = 0; i < first.Length; i++)
        {
            if (first[i].Exists != second[i].Exists) return first[i].Exists ? -1 : 1;
            var result = order.Compare(first[i].Value, second[i].Value);
            var descending = (i < properties.Length ? properties[i].Descending : null) ?? Descending.IsPresent;
            if (result != 0) return descending ? -result : result;
        }
        return 0;
    }
}

[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _kept = new();
    private readonly List<(PSObject Written, int Added)> _uniques = [];
    private PropertySpecification[] _properties = [];
    private PSPropertyExpression? _expand;
    private int _seen;
    private int _selected;

    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[] Property { get; set; } = [];
    [Parameter] public string[] ExcludeProperty { get; set; } = [];
    [Parameter] public string? ExpandProperty { get; set; }
    [Parameter] public SwitchParameter Unique { get; set; }
    [Parameter, ValidateRange(0, int.MaxValue)] public int? Last { get; set; }
    [Parameter, ValidateRange(0, int.MaxValue)] public int? First { get; set; }
    [Parameter, ValidateRange(0, int.MaxValue)] public int Skip { get; set; }

    protected override void BeginProcessing()
    {
        if (ExcludeProperty.Length > 0 && Property.Length == 0) Property = ["*"];
        _properties = Property.Select(value => PropertySpecification.Parse(value, "name", "label", "expression")).ToArray();
        if (!string.IsNullOrEmpty(ExpandProperty)) _expand = new PSPropertyExpression(ExpandProperty);
    }

    /// <summary>With -Last alone -Skip counts from the end.</summary>
    protected override void ProcessRecord()
    {
        if (InputObject == null) return;
        if (First == null && Last != null)
        {
            _kept.Enqueue(InputObject);
            if (_kept.Count > Last + Skip) _kept.Dequeue();
        }
        else if (_seen++ >= Skip)
        {
            if (First == null || _selected < First) Select(InputObject);
            else _kept.Enqueue(InputObject);
            if (_kept.Count > (Last ?? 0)) _kept.Dequeue();
            if (Last == null && First > 0 && _selected >= First) Finish();
        }
    }

    protected override void EndProcessing()
    {
        while (_kept.Count > (First == null ? Skip : 0)) Select(_kept.Dequeue());
        foreach (var (written, _) in _uniques) WriteObject(written);
        _uniques.Clear();
    }

    /// <summary>Nothing more is wanted: this ends the commands before this one too.</summary>
    private void Finish()
    {
        EndProcessing();
        throw (Exception)Engine.New("System.Management.Automation.StopUpstreamCommandsException", this);
    }

    private void Select(PSObject input)
    {
        _selected++;
        var notes = _properties.SelectMany(property => Notes(property, input)).ToList();
        if (_expand != null) Expand(input, notes);
        else if (_properties.Length == 0) Write(input, input, notes);
        else Write(With(new PSObject(), notes, input, "AlreadyExistingUserSpecifiedPropertyNoExpand"), input, notes);
    }

    private IEnumerable<PSNoteProperty> Notes(PropertySpecification property, PSObject input)
    {
        bool IsExcluded(PSPropertyExpression name) =>
            ExcludeProperty.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name.ToString()));
        var names = property.Expression.ResolveNames(input).Where(name => !IsExcluded(name));
        var found = names.SelectMany(name => name.GetValues(input)).ToList();
        if (found.Count == 0 && !property.Expression.HasWildCardCharacters && !IsExcluded(property.Expression))
            return [new PSNoteProperty(property.Name ?? property.Expression.ToString(), null)];
        return found.Select(value => new PSNoteProperty(property.Name ?? value.ResolvedExpression.ToString(), value.Result));
    }

    private void Expand(PSObject input, List<PSNoteProperty> notes)
    {
        switch (_expand!.GetValues(input))
        {
            case [{Exception: { } failure}]:
                WriteError(new ErrorRecord(failure, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, input));
                break;
            case [{Result: var result}]:
                foreach (var value in (LanguagePrimitives.GetEnumerable(result) ?? new[] {result}).Cast<object?>().OfType<object>())
                {
                    // A copy, so that the notes stay with this result and not with the value wherever else it is used.
                    var expanded = notes.Count > 0 ? PSObject.AsPSObject(value).Copy() : PSObject.AsPSObject(value);
                    Write(With(expanded, notes, input, "AlreadyExistingUserSpecifiedPropertyExpand"), input, notes);
                }
                break;
            case var found:
                var (text, id) = found.Count == 0
                    ? ($"Property \"{ExpandProperty}\" cannot be found.", "ExpandPropertyNotFound")
                    : ($"Multiple properties cannot be expanded: \"{ExpandProperty}\".", "MutlipleExpandProperties");
                WriteError(new ErrorRecord(new PSArgumentException(text, "ExpandProperty"), id, ErrorCategory.InvalidArgument, input));
                break;
        }
    }

    private PSObject With(PSObject result, List<PSNoteProperty> notes, PSObject input, string errorId)
    {
        foreach (var note in notes)
        {
            var text = $"The property cannot be processed because the property \"{note.Name}\" already exists.";
            if (result.Properties[note.Name] == null) result.Properties.Add(note);
            else WriteError(new ErrorRecord(new PSArgumentException(text, "Property"), errorId, ErrorCategory.InvalidOperation, input));
        }
        return result;
    }

    private void Write(PSObject result, PSObject input, List<PSNoteProperty> notes)
    {
        var typeName = "Selected." + input.BaseObject.GetType();
        if (result.ImmediateBaseObject is PSCustomObject && (notes.Count > 0 || !result.TypeNames.Contains(typeName)))
            result.TypeNames.Insert(0, typeName);
        var order = new ObjectOrder(CultureInfo.CurrentCulture, ignoreCase: false);
        var isKnown = Unique && _uniques.Any(known => known.Added == notes.Count &&
            order.Compare(result.BaseObject, known.Written.BaseObject) == 0 &&
            notes.All(note => known.Written.Properties[note.Name] is { } same && order.Compare(same.Value, note.Value) == 0));
        if (!Unique) WriteObject(result);
        else if (!isKnown) _uniques.Add((result, notes.Count));
    }
}

public abstract class MeasureInfo
{
    public string? Property { get; set; }
}

public sealed class GenericMeasureInfo : MeasureInfo
{
    public int Count { get; set; }
    public double? Average { get; set; }
    public double? Sum { get; set; }
    public double? Maximum { get; set; }
    public double? Minimum { get; set; }
    public double? StandardDeviation { get; set; }
}

public sealed class GenericObjectMeasureInfo : MeasureInfo
{
    public int Count { get; set; }
    public double? Average { get; set; }
    public double? Sum { get; set; }
    public object? Maximum { get; set; }
    public object? Minimum { get; set; }
    public double? StandardDeviation { get; set; }
}

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly OrderedDictionary<string, List<object?>> _values = new(StringComparer.OrdinalIgnoreCase);

    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0), ValidateNotNullOrEmpty] public PSPropertyExpression[]? Property { get; set; }
    [Parameter] public SwitchParameter Sum { get; set; }
    [Parameter] public SwitchParameter Average { get; set; }
    [Parameter] public SwitchParameter Maximum { get; set; }
    [Parameter] public SwitchParameter Minimum { get; set; }

    protected override void BeginProcessing()
    {
        if (Property == null) _values[""] = [];
    }

    protected override void ProcessRecord()
    {
        if (InputObject == null) return;
        if (Property == null) _values[""].Add(InputObject.BaseObject);
        var names = (Property ?? []).SelectMany(expression => expression.ResolveNames(InputObject));
        foreach (var name in names.DistinctBy(name => name.ToString()))
        {
            if (name.GetValues(InputObject) is not [var value, ..]) continue;
            _values.TryAdd(name.ToString(), []);
            _values[name.ToString()].Add(value.Result);
        }
    }

    protected override void EndProcessing()
    {
        foreach (var (name, values) in _values)
        {
            var measured = Measure(values);
            if (Property != null) measured.Property = name;
            WriteObject(measured);
        }
    }

    private MeasureInfo Measure(List<object?> values)
    {
        var numbers = Sum || Average ? values.Select(Number).OfType<double>().ToList() : [];
        double? sum = Sum && numbers.Count == values.Count ? numbers.Sum() : null;
        double? average = Average && numbers.Count == values.Count && numbers.Count > 0 ? numbers.Sum() / numbers.Count : null;
        var (least, most) = (Minimum ? Extreme(values, -1) : null, Maximum ? Extreme(values, 1) : null);
        return least is null or double && most is null or double
            ? new GenericMeasureInfo {Count = values.Count, Sum = sum, Average = average, Maximum = (double?)most, Minimum = (double?)least}
            : new GenericObjectMeasureInfo {Count = values.Count, Sum = sum, Average = average, Maximum = most, Minimum = least};
    }

    private double? Number(object? value)
    {
        if (LanguagePrimitives.TryConvertTo(value, out double number)) return number;
        var failure = new PSInvalidOperationException($"Input object \"{value}\" is not numeric.");
        WriteError(new ErrorRecord(failure, "NonNumericInputObject", ErrorCategory.InvalidType, value));
        return null;
    }

    /// <summary>Numbers are compared as numbers, different things as text.</summary>
    private static object? Extreme(List<object?> values, int sign) => values.Aggregate((object?)null, (extreme, value) =>
    {
        if (value != null && LanguagePrimitives.TryConvertTo(value, out double number)) value = number;
        if (extreme == null) return value;
        var isSame = value?.GetType() == extreme.GetType();
        var order = LanguagePrimitives.Compare(isSame ? extreme : extreme.ToString(), isSame ? value : value?.ToString());
        return order * sign < 0 ? value : extreme;
    });
}

[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)] public string TypeName { get; set; } = "";
    [Parameter(Position = 1), Alias("Args")] public object?[] ArgumentList { get; set; } = [];
    [Parameter] public IDictionary Property { get; set; } = new Hashtable();

    protected override void BeginProcessing()
    {
        if (!LanguagePrimitives.TryConvertTo(TypeName, out Type type))
        {
            var text = $"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded.";
            Fail(new PSArgumentException(text, nameof(TypeName)), "TypeNotFound", ErrorCategory.InvalidType);
        }
        try
        {
            var created = Create(type);
            foreach (DictionaryEntry entry in Property) Assign(created, entry.Key.ToString()!, entry.Value);
            WriteObject(created);
        }
        catch (MethodException e)
        {
            Fail(e, "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation);
        }
    }

    private PSObject Create(Type type)
    {
        if (ArgumentList.Length == 0 && type.IsValueType) return PSObject.AsPSObject(Activator.CreateInstance(type));
        var constructors = type.GetConstructors().Where(one => ArgumentList.Length > 0 || one.GetParameters().Length == 0).ToArray();
        if (constructors.Length == 0)
        {
            var text = $"A constructor was not found. Cannot find an appropriate constructor for type {TypeName}.";
            Fail(new PSArgumentException(text, nameof(TypeName)), "CannotFindAppropriateCtor", ErrorCategory.ObjectNotFound);
        }
        const string adapter = "System.Management.Automation.DotNetAdapter";
        return PSObject.AsPSObject(Engine.CallStatic(adapter, "ConstructorInvokeDotNet", type, constructors, ArgumentList)!);
    }

    private void Assign(PSObject created, string name, object? value)
    {
        if (created.BaseObject is PSCustomObject) created.Properties.Add(new PSNoteProperty(name, value));
        else if (created.Properties[name] is { } property) property.Value = value;
        else
        {
            var text = $"The member \"{name}\" was not found for the specified .NET object.";
            Fail(new InvalidOperationException(text), "InvalidOperationException", ErrorCategory.InvalidOperation);
        }
    }

    private void Fail(Exception exception, string id, ErrorCategory category) =>
        ThrowTerminatingError(new ErrorRecord(exception, id, category, null));
}
