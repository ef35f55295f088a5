using System;
using System.Management.Automation;

namespace PwshPool
{
    /// <summary>
    /// Stands between a task and what shows its output: what a native command writes to standard error comes as error records that are not marked as
    /// such, and would be shown on standard output.
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
