using System;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;
using System.Text.RegularExpressions;

namespace PwshPool
{
    /// <summary>
    /// Members of PowerShell that are not in its standard library or not public. Each is optional: if a version lacks it, or PWSH_POOL_STANDARD_ONLY
    /// is
    /// set, something simpler is used. Names as of PowerShell 7.6.
    /// </summary>
    internal static class Internals
    {
        private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        private static readonly bool s_isAllowed = Environment.GetEnvironmentVariable("PWSH_POOL_STANDARD_ONLY") != "1";

        private static readonly PropertyInfo? s_writeStream = Property(typeof(PSObject), "WriteStream");
        private static readonly object? s_errorStream = s_writeStream == null ? null : Enum.Parse(s_writeStream.PropertyType, "Error");
        private static readonly Func<string, bool, string>? s_outputString =
            Method<Func<string, bool, string>>(typeof(PSHostUserInterface), "GetOutputString", typeof(string), typeof(bool));
        private static readonly MethodInfo? s_styleString = Find(() => typeof(PSHostUserInterface).GetMethod("GetFormatStyleString", Any));

        // PowerShell before 7.2 shows all of them. Source: PowerShell, StringDecorated.cs.
        private static readonly bool s_removesSequences = typeof(PSObject).Assembly.GetName().Version >= new Version(7, 2);
        private static readonly Regex s_sequences = new Regex(@"\x1b\[\d*(;\d+)*m|\x1b\[\?\d+[hl]|\x1b\]8;;.*?\x1b\\");

        /// <summary>Whether PowerShell can be told to show an error on standard error: see <see cref="AsShownError"/>.</summary>
        public static readonly bool MarksErrors = s_writeStream != null;

        /// <summary>
        /// Returns what is shown of text: with or without its escape sequences, as <c>$PSStyle.OutputRendering</c> says; where that is not known, with them
        /// on a terminal.
        /// </summary>
        public static string Shown(string text, bool isTerminal)
        {
            if (s_outputString != null) return s_outputString(text, isTerminal);
            return isTerminal || !s_removesSequences || text.IndexOf('\x1b') < 0 ? text : s_sequences.Replace(text, string.Empty);
        }

        /// <summary>The escape sequence in front of a message such as <c>Warning</c>; empty without one.</summary>
        public static string Style(string name)
        {
            if (s_styleString == null) return string.Empty;
            try { return (string)s_styleString.Invoke(null, new[] { Enum.Parse(s_styleString.GetParameters()[0].ParameterType, name) }); }
            catch (Exception) { return string.Empty; }
        }

        /// <summary>Makes Out-Default and Out-Host show this error on standard error, if it <see cref="MarksErrors"/>. Source: PowerShell, MshObject.cs.</summary>
        public static PSObject AsShownError(PSObject error)
        {
            s_writeStream?.SetValue(error, s_errorStream);
            return error;
        }

        /// <summary>The value of a property or field; null if there is none of that name.</summary>
        public static object? Get(object? from, string name) => from == null ? null : Member(from.GetType(), name) switch
        {
            PropertyInfo property => property.GetValue(from),
            FieldInfo field => field.GetValue(from),
            _ => null
        };

        /// <summary>What a method without parameters returns; null if there is none of that name.</summary>
        public static object? Call(object on, string name) => Find(() => on.GetType().GetMethod(name, Any, null, Type.EmptyTypes, null))?.Invoke(on, null);

        /// <summary>The property or field of that name; null if there is none.</summary>
        public static MemberInfo? Member(Type type, string name) => (MemberInfo?)Property(type, name) ?? Find(() => type.GetField(name, Any));

        /// <summary>A type of PowerShell's own; null if there is none of that name.</summary>
        public static Type? TypeOf(string name) => Find(() => typeof(PSObject).Assembly.GetType(name));

        private static PropertyInfo? Property(Type type, string name) => Find(() => type.GetProperty(name, Any));

        private static T? Method<T>(Type type, string name, params Type[] parameters) where T : Delegate
        {
            var method = Find(() => type.GetMethod(name, Any, null, parameters, null));
            return method == null ? null : Find(() => (T)Delegate.CreateDelegate(typeof(T), method));
        }

        // Several members with one name count as none.
        private static T? Find<T>(Func<T?> find) where T : class
        {
            if (!s_isAllowed) return null;
            try { return find(); }
            catch (AmbiguousMatchException) { return null; }
            catch (ArgumentException) { return null; }
        }
    }
}
