using System.Xml;

namespace EmbeddedPwsh;

/// <summary>Objects and text as the XML that one PowerShell writes for another (`pwsh -Command { … }` in a script).</summary>
public sealed class ClixmlWriter(TextWriter to, string stream) : TextWriter
{
    private object? _serializer;

    public override Encoding Encoding => to.Encoding;
    public override void Write(string? value) => Write(value, stream);
    public override void WriteLine(string? value) => Write(value + Environment.NewLine, stream);

    public void Write(object? value, string name)
    {
        if (value == null) return;
        if (_serializer == null)
        {
            to.WriteLine("#< CLIXML");
            var xml = XmlWriter.Create(to, new XmlWriterSettings {CheckCharacters = false, OmitXmlDeclaration = true});
            _serializer = Engine.New("System.Management.Automation.Serializer", xml);
        }
        Engine.Call(_serializer, "Serialize", value, name);
    }

    public void End()
    {
        if (_serializer != null) Engine.Call(_serializer, "Done");
    }
}
