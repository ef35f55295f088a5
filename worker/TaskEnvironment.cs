using System;
using System.Collections;
using System.Collections.Generic;
using System.Threading;

namespace PwshPool
{
    /// <summary>
    /// The environment variables of one task: those of the process at its start, and the changes of the task. All tasks share the environment of the
    /// process, which contains the changes of a task only while a native command of that task is being started.
    /// </summary>
    internal sealed class TaskEnvironment
    {
        private static readonly StringComparer s_comparer = Platform.IsWindows ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        private static readonly object s_starting = new object();
        private static Dictionary<string, string> s_base = new Dictionary<string, string>(s_comparer);

        /// <summary>Entries that undo the changes of this thread in the process; null if it has made none.</summary>
        [ThreadStatic] private static List<KeyValuePair<string, string?>>? s_toUndo;

        private readonly Dictionary<string, string?> _changes = new Dictionary<string, string?>(s_comparer);

        /// <summary>Number of native commands started.</summary>
        public int Starts { get; private set; }

        /// <summary>Whether a variable is PATH, by which programs are found.</summary>
        public static bool IsPath(string name) => s_comparer.Equals(name, "PATH");

        /// <summary>Saves the environment with which every task begins. Call it once, before the first task.</summary>
        public static void Save()
        {
            s_base = new Dictionary<string, string>(s_comparer);
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) s_base[(string)variable.Key] = (string)variable.Value!;
        }

        /// <summary>Restores the environment of the process after a task that changed it through .NET.</summary>
        public static void Restore()
        {
            lock (s_starting)
            {
                var now = Environment.GetEnvironmentVariables();
                foreach (string name in now.Keys)
                    if (!s_base.ContainsKey(name)) Environment.SetEnvironmentVariable(name, null);
                foreach (var variable in s_base)
                    if (!string.Equals(now[variable.Key] as string, variable.Value)) Environment.SetEnvironmentVariable(variable.Key, variable.Value);
            }
        }

        public string? Get(string name) => _changes.TryGetValue(name, out var value) ? value : s_base.TryGetValue(name, out value) ? value : null;

        /// <summary>Sets a variable, or removes it if <paramref name="value"/> is null.</summary>
        public void Set(string name, string? value)
        {
            _changes.Remove(name);
            _changes[name] = value;
        }

        /// <summary>All variables by name, in no order.</summary>
        public Dictionary<string, string> All()
        {
            var all = new Dictionary<string, string>(s_base, s_comparer);
            foreach (var change in _changes)
            {
                all.Remove(change.Key);
                if (change.Value != null) all[change.Key] = change.Value;
            }
            return all;
        }

        /// <summary>
        /// Call before a native command of this task starts on this thread: it inherits the environment of the process. No other task can start one
        /// until
        /// <see cref="EndStart"/>.
        /// </summary>
        public void BeginStart()
        {
            EndStart();
            Starts++;
            Monitor.Enter(s_starting);
            s_toUndo = new List<KeyValuePair<string, string?>>();
            foreach (var change in _changes)
            {
                s_toUndo.Add(new KeyValuePair<string, string?>(change.Key, Environment.GetEnvironmentVariable(change.Key)));
                Environment.SetEnvironmentVariable(change.Key, change.Value);
            }
        }

        /// <summary>Call when the native command has started, or has failed to.</summary>
        public static void EndStart()
        {
            if (s_toUndo == null) return;
            foreach (var change in s_toUndo) Environment.SetEnvironmentVariable(change.Key, change.Value);
            s_toUndo = null;
            Monitor.Exit(s_starting);
        }
    }
}
