using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PwshPool
{
    /// <summary>The error that ended a task, for <c>retry</c>, in the form of error-report.ps1 at the other isolations.</summary>
    internal sealed class TaskError
    {
        private const int LongestTypes = 6000;
        private const int LongestId = 1500;

        /// <summary>The types that a <c>catch</c> would match, base types included, one on each line.</summary>
        public string Types { get; }

        /// <summary>The FullyQualifiedErrorId.</summary>
        public string Id { get; }

        private TaskError(string types, string id)
        {
            Types = Cut(types, LongestTypes);
            Id = Cut(id, LongestId);
        }

        /// <summary>Describes an uncaught error.</summary>
        public static TaskError? Of(Exception reason)
        {
            // Members of a type that the task defines may throw.
            try
            {
                return new TaskError(string.Join("\n", TypesOf(reason)), (reason as IContainsErrorRecord)?.ErrorRecord?.FullyQualifiedErrorId ?? reason.GetType().FullName ?? "");
            }
            catch (Exception) { return null; }
        }

        /// <summary>
        /// Describes the error of a script that PowerShell could not begin, because it cannot be parsed or a requirement is missing. It is not
        /// thrown.
        /// </summary>
        public static TaskError? OfRefusedScript(Runspace runspace)
        {
            if (runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int last && last != 0) return null;
            if (!(runspace.SessionStateProxy.GetVariable("Error") is IEnumerable errors)) return null;
            foreach (var error in errors)
            {
                var reason = error is ErrorRecord record ? record.Exception : error as Exception;
                if (reason is ParseException || reason is ScriptRequiresException)
                    return new TaskError(string.Join("\n", TypesOf(reason)), (error as ErrorRecord ?? ((IContainsErrorRecord)reason).ErrorRecord).FullyQualifiedErrorId);
            }
            return null;
        }

        private static List<string> TypesOf(Exception reason)
        {
            var names = new List<string>();
            foreach (var exception in Caught(reason))
            {
                for (var type = exception.GetType(); type != null && type != typeof(object); type = type.BaseType)
                {
                    var name = type.ToString();
                    if (!names.Contains(name)) names.Add(name);
                }
            }
            return names;
        }

        // The exceptions that `catch [type]` looks at. Source: PowerShell, MiscOps.cs, FindMatchingHandler.
        private static IEnumerable<Exception> Caught(Exception reason)
        {
            for (Exception? next = reason; next != null;)
            {
                var exception = next;
                next = null;
                yield return exception;
                if (!(exception is RuntimeException)) yield break;
                var inner = exception.InnerException;
                if (inner != null) yield return inner;
                if (exception is ActionPreferenceStopException stop) next = stop.ErrorRecord.Exception;
                else if (exception is CmdletInvocationException && inner?.InnerException != null) yield return inner.InnerException;
            }
        }

        private static string Cut(string text, int length)
        {
            return text.Length <= length ? text : text.Substring(0, length);
        }
    }
}
