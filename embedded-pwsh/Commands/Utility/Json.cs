using System.Management.Automation.Internal;
using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;

namespace Microsoft.PowerShell.Commands;

[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _inputs = [];
    private bool _hasWarned;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowNull] public object? InputObject { get; set; }
    [Parameter, ValidateRange(0, 100)] public int Depth { get; set; } = 2;
    [Parameter] public SwitchParameter Compress { get; set; }
    [Parameter] public SwitchParameter EnumsAsStrings { get; set; }
    [Parameter] public SwitchParameter AsArray { get; set; }
    [Parameter] public StringEscapeHandling EscapeHandling { get; set; }

    protected override void ProcessRecord() => _inputs.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_inputs.Count == 0) return;
        var settings = new JsonSerializerSettings
        {
            StringEscapeHandling = EscapeHandling,
            Formatting = Compress ? Formatting.None : Formatting.Indented,
            Converters = EnumsAsStrings ? [new StringEnumConverter()] : []
        };
        var input = _inputs.Count > 1 || AsArray ? _inputs : _inputs[0];
        WriteObject(JsonConvert.SerializeObject(Simplify(input, 0), settings));
    }

    /// <summary>Only dictionaries, lists and plain values, as deep as -Depth, and text below.</summary>
    private object? Simplify(object? value, int depth)
    {
        var wrapped = value as PSObject;
        var plain = wrapped == null ? value : wrapped.BaseObject;
        if (plain is null or DBNull || plain == AutomationNull.Value) return null;
        if (plain is string or DateTime) return plain;
        var isPlain = plain is decimal or DateTimeOffset or Guid or Uri or BigInteger or Enum || plain.GetType().IsPrimitive;
        if (!isPlain && depth > Depth)
        {
            if (!_hasWarned) WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
            _hasWarned = true;
            return LanguagePrimitives.ConvertTo<string>(plain is PSCustomObject ? wrapped : plain);
        }
        object result = isPlain ? plain : plain switch
        {
            IDictionary table => table.Cast<DictionaryEntry>()
                .ToDictionary(entry => Name(entry.Key, table), entry => Simplify(entry.Value, depth + 1)),
            IEnumerable list => list.Cast<object?>().Select(item => Simplify(item, depth + 1)).ToList(),
            _ => Properties(PSObject.AsPSObject(plain), isAdded: false, depth)
        };
        if (wrapped == null) return result;
        // What PowerShell itself added to the object; a plain value with such properties becomes {"value": …}.
        var added = Properties(wrapped, isAdded: true, depth);
        if (added.Count == 0) return result;
        var merged = result as Dictionary<string, object?> ?? new Dictionary<string, object?> {["value"] = result};
        foreach (var (name, extra) in added) merged.TryAdd(name, extra);
        return merged;
    }

    private Dictionary<string, object?> Properties(PSObject from, bool isAdded, int depth) => from.Properties
        .Where(property => property.MemberType is PSMemberTypes.Property or PSMemberTypes.Dynamic != isAdded)
        .ToDictionary(property => property.Name, property => Simplify(ValueOf(property), depth + 1));

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private string Name(object key, IDictionary dictionary)
    {
        if (key is string name) return name;
        var text = $"The type '{dictionary.GetType().FullName}' is not supported for serialization or deserialization of a dictionary. " +
            "Keys must be strings.";
        var failure = new InvalidOperationException(text);
        ThrowTerminatingError(new ErrorRecord(failure, "NonStringKeyInDictionary", ErrorCategory.InvalidOperation, dictionary));
        throw failure;
    }
}

[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowEmptyString] public string InputObject { get; set; } = "";
    [Parameter] public SwitchParameter AsHashtable { get; set; }
    [Parameter, ValidateRange(1, int.MaxValue)] public int Depth { get; set; } = 1024;
    [Parameter] public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => _lines.Add(InputObject);

    /// <summary>Several inputs are the lines of one document, unless the first is a document by itself.</summary>
    protected override void EndProcessing()
    {
        if (_lines.Count > 1 && IsDocument(_lines[0])) _lines.ForEach(Convert);
        else if (_lines.Count > 0) Convert(string.Join(Environment.NewLine, _lines));
    }

    private bool IsDocument(string line)
    {
        try
        {
            return Parse(line) != null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private object? Parse(string text) => JsonConvert.DeserializeObject(text, new JsonSerializerSettings
    {
        DateParseHandling = DateParseHandling.DateTime,
        DateTimeZoneHandling = DateTimeZoneHandling.RoundtripKind,
        MetadataPropertyHandling = MetadataPropertyHandling.Ignore,
        MaxDepth = Depth
    });

    private void Convert(string text)
    {
        try
        {
            WriteObject(Value(Parse(text)), !NoEnumerate);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"Conversion from JSON failed with error: {e.Message}", e);
        }
    }

    private object? Value(object? token) => token switch
    {
        JObject json when AsHashtable => Table(json),
        JObject json => Object(json),
        JArray list => list.Where(item => item.Type != JTokenType.Comment).Select(Value).ToArray(),
        JValue value => value.Value,
        _ => token
    };

    private object Table(JObject json)
    {
        var result = (Hashtable)Engine.New("System.Management.Automation.OrderedHashtable", json.Count);
        foreach (var (name, token) in json) result[name] = Value(token);
        return result;
    }

    private PSObject Object(JObject json)
    {
        var result = new PSObject();
        foreach (var (name, token) in json)
        {
            if (name == "")
                Fail("EmptyKeyInJsonString", "The provided JSON includes a property whose name is an empty string, " +
                    "this is only supported using the -AsHashTable switch.");
            if (result.Properties[name] is { } known)
                Fail("KeysWithDifferentCasingInJsonString", "Cannot convert the JSON string because it contains keys with different " +
                    "casing. Please use the -AsHashTable switch instead. " +
                    $"The key that was attempted to be added to the existing key '{known.Name}' was '{name}'.");
            result.Properties.Add(new PSNoteProperty(name, Value(token)));
        }
        return result;
    }

    private void Fail(string id, string text) =>
        ThrowTerminatingError(new ErrorRecord(new InvalidOperationException(text), id, ErrorCategory.InvalidOperation, null));
}
