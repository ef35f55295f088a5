using System;
using System.Management.Automation;

namespace PwshPool
{
    /// <summary>
    /// Marks the standard error of native commands between a task and the command that shows its output. It arrives as error records without that
    /// mark,
    /// which would be shown on standard output.
    /// </summary>
    [Cmdlet("Mark", "NativeErrors")]
    public sealed class MarkNativeErrors : PSCmdlet
    {
        /// <summary>Whatever the task emits.</summary>
        [Parameter(ValueFromPipeline = true)]
        [AllowNull]
        public PSObject? InputObject { get; set; }

        protected override void ProcessRecord()
        {
            if (InputObject?.BaseObject is ErrorRecord record && record.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal))
            {
                if (!Internals.MarksErrors)
                {
                    Host.UI.WriteErrorLine(record.ToString());
                    return;
                }
                Internals.AsShownError(InputObject);
            }
            WriteObject(InputObject);
        }
    }
}
