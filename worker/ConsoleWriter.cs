using System;
using System.IO;
using System.Text;

namespace PwshPool
{
    /// <summary>The value of <c>[Console]::Out</c> or <c>[Console]::Error</c>: text goes to the task to which the writing code belongs.</summary>
    internal sealed class ConsoleWriter : TextWriter
    {
        private readonly bool _isError;
        private readonly TaskOutput _nobody;

        public ConsoleWriter(bool isError, TaskOutput nobody)
        {
            _isError = isError;
            _nobody = nobody;
        }

        public override Encoding Encoding => Console.OutputEncoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(string? value)
        {
            if (!string.IsNullOrEmpty(value)) (TaskOutput.Current ?? _nobody).Write(_isError, value!);
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void Flush() => (TaskOutput.Current ?? _nobody).Flush();

        // Does nothing, because other tasks still use it.
        protected override void Dispose(bool disposing) { }
    }
}
