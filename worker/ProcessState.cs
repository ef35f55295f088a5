using System;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace PwshPool
{
    /// <summary>
    /// State of the process that a task can change: saved once, and restored after each task that changed it. Tasks at the same time share it.
    /// </summary>
    internal sealed class ProcessState
    {
        private readonly string _folder = Environment.CurrentDirectory;
        private readonly Encoding _inputEncoding;
        private readonly Encoding _outputEncoding = new StartTellingEncoding();
        private readonly ConsoleWriter _out, _error;
        private readonly System.IO.TextWriter _consoleOut, _consoleError;
        private readonly CultureInfo? _culture = CultureInfo.DefaultThreadCurrentCulture, _uiCulture = CultureInfo.DefaultThreadCurrentUICulture;
        private readonly ConsoleColor _foreground = Console.ForegroundColor, _background = Console.BackgroundColor;
        private readonly FieldInfo? _reader = ReaderField();
        private readonly List<(object Owner, PropertyInfo Property, object? Value)> _style = new List<(object, PropertyInfo, object?)>();
        private readonly IDictionary<string, string>? _extensions;
        private readonly Dictionary<string, string> _savedExtensions = new Dictionary<string, string>();

        public ProcessState(TaskOutput nobody)
        {
            // As in a step on Windows, where both encodings would otherwise be the legacy code page.
            if (Console.InputEncoding.CodePage != Encoding.UTF8.CodePage) Console.InputEncoding = new UTF8Encoding(false);
            _inputEncoding = Console.InputEncoding;
            Console.OutputEncoding = _outputEncoding;
            _outputEncoding = Console.OutputEncoding;
            _out = new ConsoleWriter(false, nobody);
            _error = new ConsoleWriter(true, nobody);
            Console.SetOut(_out);
            Console.SetError(_error);
            _consoleOut = Console.Out;
            _consoleError = Console.Error;
            var style = Internals.TypeOf("System.Management.Automation.PSStyle")?.GetProperty("Instance")?.GetValue(null);
            foreach (var part in new[] { style, Internals.Get(style, "Formatting"), Internals.Get(style, "Progress"), Internals.Get(style, "FileInfo") })
                SaveProperties(part);
            _extensions = Internals.Get(Internals.Get(Internals.Get(style, "FileInfo"), "Extension"), "_extensionDictionary") as IDictionary<string, string>;
            if (_extensions != null) foreach (var each in _extensions) _savedExtensions[each.Key] = each.Value;
            TaskEnvironment.Save();
        }

        /// <summary>Restores what differs, as far as possible.</summary>
        public void Restore()
        {
            TaskEnvironment.EndStart();
            Try(TaskEnvironment.Restore);
            // A deleted folder has no name.
            if (CurrentFolder() != _folder) Try(() => Environment.CurrentDirectory = _folder);
            Try(() => { if (!ReferenceEquals(Console.OutputEncoding, _outputEncoding)) Console.OutputEncoding = _outputEncoding; });
            Try(() => { if (!Console.InputEncoding.Equals(_inputEncoding)) Console.InputEncoding = _inputEncoding; });
            if (!ReferenceEquals(Console.Out, _consoleOut)) Console.SetOut(_consoleOut);
            if (!ReferenceEquals(Console.Error, _consoleError)) Console.SetError(_consoleError);
            CultureInfo.DefaultThreadCurrentCulture = _culture;
            CultureInfo.DefaultThreadCurrentUICulture = _uiCulture;
            Environment.ExitCode = 0;
            Try(RestoreColors);
            _reader?.SetValue(null, null);
            foreach (var (owner, property, value) in _style)
                Try(() => { if (!Equals(property.GetValue(owner), value)) property.SetValue(owner, value); });
            Try(RestoreExtensions);
        }

        private void RestoreColors()
        {
            if (Console.ForegroundColor != _foreground) Console.ForegroundColor = _foreground;
            if (Console.BackgroundColor != _background) Console.BackgroundColor = _background;
        }

        private static string? CurrentFolder()
        {
            try { return Environment.CurrentDirectory; }
            catch (Exception) { return null; }
        }

        // Another task may be changing the same state, or may have put it into a form that cannot be changed.
        private static void Try(Action act)
        {
            try { act(); }
            catch (Exception) { }
        }

        private void RestoreExtensions()
        {
            if (_extensions == null) return;
            lock (_savedExtensions)
            {
                foreach (var name in new List<string>(_extensions.Keys)) if (!_savedExtensions.ContainsKey(name)) _extensions.Remove(name);
                foreach (var each in _savedExtensions) _extensions[each.Key] = each.Value;
            }
        }

        private void SaveProperties(object? part)
        {
            if (part == null) return;
            foreach (var property in part.GetType().GetProperties())
                if (property.CanRead && property.CanWrite) _style.Add((part, property, property.GetValue(part)));
        }

        // Forgets a reader that was read to its end, closed or replaced; .NET then creates another one. Names as of .NET 10 and .NET Framework.
        private static FieldInfo? ReaderField() =>
            Internals.Member(typeof(Console), "s_in") as FieldInfo ?? Internals.Member(typeof(Console), "_in") as FieldInfo;
    }
}
