using System.Text;

namespace PwshPool
{
    /// <summary>
    /// A UTF-8 encoding for the console that detects when a native command has started: right after the start, on the same thread, .NET asks the
    /// encoding
    /// how to read the output of the command. If it is not asked, <c>NotifyEndApplication</c> follows later. Source: dotnet/runtime, Process.Unix.cs
    /// and
    /// Process.Windows.cs (StartCore), StreamReader.cs.
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
