using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PwshPool
{
    /// <summary>
    /// Restores a runspace after each task to its state before the first one. <c>ResetRunspaceState</c> does much of that, takes many times as long,
    /// and
    /// leaves strict mode and, permanently, a false <c>$?</c> behind (PowerShell#16733). If a version of PowerShell lacks a needed member, or a task
    /// has
    /// changed more than can be restored, <see cref="Reset"/> returns false, and a new runspace replaces this one. Names as of PowerShell 7.6:
    /// SessionStateScope.cs, SessionStateLocationAPIs.cs, ExecutionContext.cs, LocalConnection.cs.
    /// </summary>
    internal sealed class SessionReset
    {
        private readonly Runspace _runspace;
        private readonly IDictionary<string, PSVariable> _variables;
        private readonly List<(PSVariable Variable, object? Value, ScopedItemOptions Options, Type[] Attributes)> _originals;
        private readonly Hashtable _defaults;
        private readonly SavedCommands<AliasInfo> _aliases;
        private readonly SavedCommands<FunctionInfo> _functions;
        private readonly IDictionary _cmdlets;
        private readonly IDictionary _locations;
        private readonly IDictionary _drives;
        private readonly string _driveNames;
        private readonly int _types;
        private readonly int _formats;
        private readonly List<SavedMember> _members;
        private readonly FieldInfo _history;
        private readonly Func<object> _newHistory;

        private SessionReset(Runspace runspace)
        {
            _runspace = runspace;
            var context = Needed(runspace, "GetExecutionContext");
            var state = Needed(context, "EngineSessionState");
            var scope = Needed(state, "GlobalScope");
            var discovery = Needed(context, "CommandDiscovery");
            _variables = (IDictionary<string, PSVariable>)Needed(scope, "Variables");
            _originals = _variables.Values.Select(each => (each, (object?)each.Value, each.Options, AttributeTypes(each))).ToList();
            _defaults = (Hashtable)((Hashtable)runspace.SessionStateProxy.PSVariable.GetValue("PSDefaultParameterValues")).Clone();
            _aliases = new SavedCommands<AliasInfo>((IDictionary<string, AliasInfo>)Needed(scope, "_alias"), alias => alias.Definition);
            _functions = new SavedCommands<FunctionInfo>((IDictionary<string, FunctionInfo>)Needed(scope, "FunctionTable"), function => function.ScriptBlock);
            _cmdlets = (IDictionary)Needed(scope, "_cmdlets");
            _locations = (IDictionary)Needed(state, "_workingLocationStack");
            _drives = (IDictionary)Needed(scope, "_drives");
            _driveNames = DriveNames();
            _types = runspace.InitialSessionState.Types.Count;
            _formats = runspace.InitialSessionState.Formats.Count;
            _members = new List<SavedMember>
            {
                new SavedMember(context, "QuestionMarkVariableValue", true),
                new SavedMember(context, "PSDebugTraceLevel", 0),
                new SavedMember(context, "PSDebugTraceStep", false),
                new SavedMember(context, "CustomArgumentCompleters", null),
                new SavedMember(context, "NativeArgumentCompleters", null),
                new SavedMember(scope, "StrictModeVersion"),
                // Commands found by relative entries of PATH belong to the folder of an earlier task (PowerShell#27809).
                new SavedMember(discovery, "_cachedLookupPaths", null),
                new SavedMember(discovery, "_pathCacheKey", null),
                new SavedMember(state, "_defaultStackName"),
                // On a drive that is not a file system, a path would be resolved on that drive.
                new SavedMember(state, "CurrentDrive")
            };
            _history = (FieldInfo)(Internals.Member(runspace.GetType(), "_history") ?? throw new MissingMemberException("_history"));
            var constructor = _history.FieldType.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)[0];
            _newHistory = () => constructor.Invoke(new[] { context });
        }

        /// <summary>Saves the state that every task is to find: call it after setup. Null if this version of PowerShell cannot be reset.</summary>
        public static SessionReset? Save(Runspace runspace)
        {
            try { return new SessionReset(runspace); }
            catch (Exception) { return null; }
        }

        /// <summary>Restores what a task has changed. False if something cannot be restored. Throws the exceptions of its parts.</summary>
        public bool Reset()
        {
            if (!ResetVariables() || !_aliases.Reset() || !_functions.Reset()) return false;
            _aliases.RemoveInWayOf(name => _cmdlets.Contains(name));
            _functions.RemoveInWayOf(name => _cmdlets.Contains(name) || _aliases.Contains(name));
            var initial = _runspace.InitialSessionState;
            if (initial.Types.Count != _types || initial.Formats.Count != _formats || DriveNames() != _driveNames) return false;
            if (_runspace.SessionStateProxy.LanguageMode != PSLanguageMode.FullLanguage) return false;
            foreach (var member in _members) member.Restore();
            _history.SetValue(_runspace, _newHistory());
            _locations.Clear();
            return true;
        }

        // A variable that a task has made constant, or given a type, cannot be restored.
        private bool ResetVariables()
        {
            _variables.Clear();
            foreach (var (variable, value, options, attributes) in _originals)
            {
                _variables[variable.Name] = variable;
                if (variable.Options != options || !AttributeTypes(variable).SequenceEqual(attributes)) return false;
                // `$?` is created at every read, and `$PWD` changes with the location.
                if (variable.Name != "?" && variable.Name != "PWD" && !ReferenceEquals(variable.Value, value)) variable.Value = value;
            }
            var session = _runspace.SessionStateProxy.PSVariable;
            if (!(session.GetValue("PWD") is PathInfo)) return false;
            ((IList)session.GetValue("Error")).Clear();
            if (session.GetValue("_") != null) session.Set("_", null);
            var defaults = (IDictionary)session.GetValue("PSDefaultParameterValues");
            defaults.Clear();
            foreach (DictionaryEntry entry in _defaults) defaults[entry.Key] = entry.Value;
            return true;
        }

        private string DriveNames() => string.Join(":", _drives.Keys.Cast<string>());

        // Compares types, because PowerShell replaces the attributes themselves now and then, such as that of $MaximumHistoryCount with a new
        // history.
        private static Type[] AttributeTypes(PSVariable variable) => variable.Attributes.Select(each => each.GetType()).ToArray();

        private static object Needed(object from, string name) => Internals.Get(from, name) ?? throw new MissingMemberException(name);

        /// <summary>A property or field, and the value to restore.</summary>
        private sealed class SavedMember
        {
            private readonly object _owner;
            private readonly MemberInfo _member;
            private readonly object? _value;

            public SavedMember(object owner, string name, object? value)
            {
                _owner = owner;
                _member = Internals.Member(owner.GetType(), name) ?? throw new MissingMemberException(name);
                _value = value;
            }

            public SavedMember(object owner, string name) : this(owner, name, Internals.Get(owner, name)) { }

            public void Restore()
            {
                if (_member is PropertyInfo property) property.SetValue(_owner, _value);
                else ((FieldInfo)_member).SetValue(_owner, _value);
            }
        }

        /// <summary>The functions or aliases of a runspace: restores those of PowerShell, of modules and of setup; others stay.</summary>
        private sealed class SavedCommands<T> where T : CommandInfo
        {
            private readonly IDictionary<string, T> _table;
            private readonly Func<T, object?> _meaning;
            private readonly List<(T Command, object? Meaning, ScopedItemOptions Options)> _originals;

            public SavedCommands(IDictionary<string, T> table, Func<T, object?> meaning)
            {
                _table = table;
                _meaning = meaning;
                _originals = table.Values.Select(each => (each, meaning(each), Options(each))).ToList();
            }

            public bool Contains(string name) => _table.ContainsKey(name);

            public bool Reset()
            {
                foreach (var (command, meaning, options) in _originals)
                {
                    if (!_table.TryGetValue(command.Name, out var now) || !ReferenceEquals(now, command)) _table[command.Name] = command;
                    if (!Equals(_meaning(command), meaning) || Options(command) != options) return false;
                }
                return true;
            }

            public void RemoveInWayOf(Func<string, bool> isInWay)
            {
                if (_table.Count <= _originals.Count) return;
                foreach (var each in _table.Where(each => each.Value.Module == null && isInWay(each.Key)).ToList()) _table.Remove(each.Key);
            }

            private static ScopedItemOptions Options(T command) => command is AliasInfo alias ? alias.Options : ((FunctionInfo)(object)command).Options;
        }
    }
}
