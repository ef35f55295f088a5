using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands
{
    [Cmdlet(VerbsCommon.Format, "Table")]
    public sealed class FormatTableCommand : OuterFormatTableBase
    {
        public FormatTableCommand() => TextOutput.SetShape(this, 0);
    }

    [Cmdlet(VerbsCommon.Format, "List")]
    public sealed class FormatListCommand : OuterFormatTableAndListBase
    {
        public FormatListCommand() => TextOutput.SetShape(this, 1);
    }

    [Cmdlet(VerbsData.Out, "String", DefaultParameterSetName = "NoNewLineFormatting")]
    public sealed class OutStringCommand : FrontEndCommandBase
    {
        private TextWriter _writer = TextWriter.Null;

        [Parameter(ParameterSetName = "StreamFormatting")] public SwitchParameter Stream { get; set; }
        [Parameter, ValidateRange(2, int.MaxValue)] public int Width { get; set; } = int.MaxValue;
        [Parameter(ParameterSetName = "NoNewLineFormatting")] public SwitchParameter NoNewline { get; set; }

        protected override void BeginProcessing()
        {
            _writer = Stream ? new LineWriter(line => WriteObject(line)) : new StringWriter();
            TextOutput.WriteTo(this, _writer, Width, NoNewline);
            base.BeginProcessing();
        }

        protected override void EndProcessing()
        {
            base.EndProcessing();
            if (!Stream) WriteObject(_writer.ToString());
        }
    }

    [Cmdlet(VerbsData.Out, "File", DefaultParameterSetName = "ByPath", SupportsShouldProcess = true)]
    public sealed class OutFileCommand : FrontEndCommandBase
    {
        private StreamWriter? _writer;

        [Alias("Path"), Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
        public string FilePath { get; set; } = "";
        [Alias("PSPath", "LP"), Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
        public string LiteralPath { get => FilePath; set => FilePath = value; }
        [Parameter(Position = 1), ArgumentToEncodingTransformation]
        public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        [Parameter] public SwitchParameter Append { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Alias("NoOverwrite"), Parameter] public SwitchParameter NoClobber { get; set; }
        [Parameter, ValidateRange(2, int.MaxValue)] public int Width { get; set; } = int.MaxValue;
        [Parameter] public SwitchParameter NoNewline { get; set; }

        protected override void BeginProcessing()
        {
            if (!ShouldProcess(FilePath, "Output to File")) return;
            _writer = Open(SessionState.Path.GetUnresolvedProviderPathFromPSPath(FilePath));
            TextOutput.WriteTo(this, _writer, Width, NoNewline);
            base.BeginProcessing();
        }

        protected override void ProcessRecord()
        {
            if (_writer != null) base.ProcessRecord();
        }

        protected override void EndProcessing()
        {
            if (_writer != null) base.EndProcessing();
        }

        protected override void InternalDispose()
        {
            base.InternalDispose();
            _writer?.Dispose();
        }

        private StreamWriter Open(string file)
        {
            try
            {
                if (Force && File.Exists(file)) File.SetAttributes(file, File.GetAttributes(file) & ~FileAttributes.ReadOnly);
                var mode = Append ? FileMode.Append : NoClobber ? FileMode.CreateNew : FileMode.Create;
                return new StreamWriter(new FileStream(file, mode, FileAccess.Write, FileShare.Read), Encoding);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var id = NoClobber && File.Exists(file) ? "NoClobber" : "FileOpenFailure";
                ThrowTerminatingError(new ErrorRecord(e, id, ErrorCategory.OpenError, null));
                throw;
            }
        }
    }
}

namespace EmbeddedPwsh
{
    /// <summary>The engine's formatter, given a shape or a writer. The classes that join them are internal to the engine.</summary>
    internal static class TextOutput
    {
        private const string Format = "Microsoft.PowerShell.Commands.Internal.Format.";

        public static void SetShape(FrontEndCommandBase command, int shape) =>
            Engine.SetField(command, "implementation",
                Engine.New(Format + "InnerFormatShapeCommand", Enum.ToObject(Engine.Type(Format + "FormatShape"), shape)));

        public static void WriteTo(FrontEndCommandBase command, TextWriter writer, int width, bool noNewline)
        {
            var implementation = Engine.New(Format + "OutputManagerInner");
            Engine.Set(implementation, "LineOutput", Engine.New(Format + "TextWriterLineOutput", writer, width, noNewline));
            Engine.SetField(command, "implementation", implementation);
        }
    }

    internal sealed class LineWriter(Action<string> write) : TextWriter
    {
        public override Encoding Encoding => Encoding.Unicode;
        public override void WriteLine(string? value) => write(value ?? "");
        public override void WriteLine() => write("");
    }

    /// <summary>-Encoding takes names such as utf8NoBOM, as every cmdlet with that parameter does.</summary>
    internal sealed class ArgumentToEncodingTransformationAttribute : ArgumentTransformationAttribute
    {
        public override object Transform(EngineIntrinsics engine, object value)
        {
            const string real = "System.Management.Automation.ArgumentToEncodingTransformationAttribute";
            return ((ArgumentTransformationAttribute)Engine.New(real)).Transform(engine, value);
        }
    }
}
