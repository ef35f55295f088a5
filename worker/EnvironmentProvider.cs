using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace PwshPool
{
    /// <summary>
    /// The <c>$env:</c> drive of a task. Replaces PowerShell's own provider, which reads and changes the environment of the process. Results and
    /// their
    /// display are the same. Source: PowerShell, EnvironmentProvider.cs, SessionStateProviderBase.cs.
    /// </summary>
    [CmdletProvider("Environment", ProviderCapabilities.ShouldProcess)]
    public sealed class EnvironmentProvider : ContainerCmdletProvider, IContentCmdletProvider
    {
        // PowerShell passes the id of the host on, and each slot has its own host.
        private TaskEnvironment Variables => SlotHost.Of(Host.InstanceId).Environment;

        protected override System.Collections.ObjectModel.Collection<PSDriveInfo> InitializeDefaultDrives() =>
            new System.Collections.ObjectModel.Collection<PSDriveInfo> { new PSDriveInfo("Env", ProviderInfo, string.Empty, string.Empty, null) };

        protected override bool IsValidPath(string path) => !string.IsNullOrEmpty(path);

        protected override bool ItemExists(string path) => string.IsNullOrEmpty(path) || Variables.Get(path) != null;

        protected override bool HasChildItems(string path) => string.IsNullOrEmpty(path);

        protected override void GetItem(string path)
        {
            if (string.IsNullOrEmpty(path)) WriteItemObject(Sorted().Select(each => (object)each).ToList(), path, true);
            else if (Variables.Get(path) is string value) WriteItemObject(new DictionaryEntry(path, value), path, false);
        }

        protected override void GetChildItems(string path, bool recurse)
        {
            if (!string.IsNullOrEmpty(path)) GetItem(path);
            else foreach (var variable in Sorted()) WriteItemObject(variable, (string)variable.Key, false);
        }

        protected override void GetChildNames(string path, ReturnContainers returnContainers)
        {
            if (!string.IsNullOrEmpty(path)) { if (ItemExists(path)) WriteItemObject(path, path, false); }
            else foreach (var variable in Sorted()) WriteItemObject(variable.Key, (string)variable.Key, false);
        }

        protected override void SetItem(string path, object value) => Set("Set Item", path, value);

        protected override void NewItem(string path, string itemTypeName, object newItem)
        {
            if (!Force && Variables.Get(path) != null)
            {
                var because = new PSArgumentException($"The item at '{path}' already exists.");
                WriteError(new ErrorRecord(because, "ItemExists", ErrorCategory.ResourceExists, path));
            }
            else Set("New Item", path, newItem);
        }

        protected override void ClearItem(string path) => Set("Clear Item", path, null, false);

        protected override void RemoveItem(string path, bool recurse) => Set("Remove Item", path, null, false);

        protected override void RenameItem(string path, string newName)
        {
            var value = Variables.Get(path);
            if (value == null || !ShouldProcess($"Item: {path} Destination: {newName}", "Rename Item")) return;
            Store(path, null);
            Store(newName, value);
            WriteItemObject(new DictionaryEntry(newName, value), newName, false);
        }

        protected override void CopyItem(string path, string copyPath, bool recurse)
        {
            if (Variables.Get(path) is string value && ShouldProcess($"Item: {path} Destination: {copyPath}", "Copy Item")) Store(copyPath, value);
        }

        public IContentReader GetContentReader(string path) => new Content(this, path);

        public object? GetContentReaderDynamicParameters(string path) => null;

        public IContentWriter GetContentWriter(string path) => new Content(this, path);

        public object? GetContentWriterDynamicParameters(string path) => null;

        public void ClearContent(string path) => throw new PSNotSupportedException();

        public object? ClearContentDynamicParameters(string path) => null;

        private IEnumerable<DictionaryEntry> Sorted() =>
            Variables.All().OrderBy(each => each.Key, StringComparer.CurrentCultureIgnoreCase).Select(each => new DictionaryEntry(each.Key, each.Value));

        private void Set(string action, string path, object? value, bool isShown = true)
        {
            if (!ShouldProcess($"Item: {path}" + (value == null ? "" : $" Value: {value}"), action)) return;
            var text = Store(path, value);
            if (isShown && text != null) WriteItemObject(new DictionaryEntry(path, text), path, false);
        }

        private string? Store(string name, object? value)
        {
            if (value is PSObject wrapped) value = wrapped.BaseObject;
            if (value is DictionaryEntry entry) value = entry.Value;
            var text = value == null ? null : value as string ?? PSObject.AsPSObject(value).ToString();
            var variables = Variables;
            if (TaskEnvironment.IsPath(name)) PathLookup.Install(SessionState, variables);
            variables.Set(name, text);
            return text;
        }

        /// <summary>Reads and assigns <c>$env:NAME</c>.</summary>
        private sealed class Content : IContentReader, IContentWriter
        {
            private readonly EnvironmentProvider _provider;
            private readonly string _name;
            private bool _isRead;

            public Content(EnvironmentProvider provider, string name)
            {
                _provider = provider;
                _name = name;
            }

            public IList Read(long readCount)
            {
                var value = _isRead ? null : _provider.Variables.Get(_name);
                _isRead = true;
                return value == null ? Array.Empty<object>() : new object[] { value };
            }

            public IList Write(IList content)
            {
                _provider.Store(_name, content.Count == 1 ? content[0] : content);
                return content;
            }

            public void Seek(long offset, SeekOrigin origin) => throw new PSNotSupportedException();

            public void Close() { }

            public void Dispose() { }
        }
    }
}
