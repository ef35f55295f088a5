using System.Text;

namespace PwshPool
{
    /// <summary>
    /// UTF-8 as the console's encoding that tells when a native command has started: right after that, on the same thread, .NET asks the encoding how
    /// to read the command's output. Source: dotnet/runtime, Process.Unix.cs and Process.Windows.cs (StartCore), StreamReader.cs. Where it is not asked,
    /// <c>NotifyEndApplication</c> comes later.
    /// </summary>
    internal sealed class StartTellingEncoding : UTF8Encoding
    {
        public StartTellingEncoding() : base(false) { }

        public override byte[] GetPreamble()
        {
            TaskEnvironment.EndStart();
            return base.GetPreamble();
        }

        public override int GetMaxCharCount(int byteCount)
        {
            TaskEnvironment.EndStart();
            return base.GetMaxCharCount(byteCount);
        }

        public override Decoder GetDecoder()
        {
            TaskEnvironment.EndStart();
            return base.GetDecoder();
        }
    }
}
