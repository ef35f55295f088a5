using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;

namespace PwshPool
{
    /// <summary>
    /// The output of one task. Text of either stream is encoded with the encoding of the console and sent in frames, in order. After a pause it is
    /// sent at
    /// once; otherwise it is collected until there is enough, the task ends, or some time has passed. Output after the end belongs to no task.
    /// </summary>
    internal sealed class TaskOutput
    {
        private const int SendAt = 16 * 1024;
        private const int SoonMs = 40;

        private static readonly AsyncLocal<TaskOutput?> s_current = new AsyncLocal<TaskOutput?>();
        private static readonly HashSet<TaskOutput> s_unsent = new HashSet<TaskOutput>();
        private static readonly Timer s_timer = new Timer(_ => SendAll());

        private readonly Channel _channel;
        private readonly ToPool _onlyKind;
        private readonly Encoder?[] _encoders = new Encoder?[2];
        private readonly byte[] _bytes = new byte[SendAt];
        private Encoding? _encoding;
        private int _count;
        private ToPool _kind;
        private int _sentAt = Environment.TickCount - SoonMs;
        private volatile int _id;

        /// <summary>
        /// Creates the output of task <paramref name="id"/>; 0 for output of no task. <paramref name="onlyKind"/>: the kind of all frames, if streams
        /// do not matter.
        /// </summary>
        public TaskOutput(Channel channel, int id, ToPool onlyKind = 0)
        {
            _channel = channel;
            _id = id;
            _onlyKind = onlyKind;
        }

        /// <summary>The output of the task to which the calling code belongs, on any thread that the task has started; null for none.</summary>
        public static TaskOutput? Current
        {
            get => s_current.Value;
            set => s_current.Value = value;
        }

        /// <summary>The number of the task; 0 for none.</summary>
        public int Id => _id;

        /// <summary>Takes text, for standard error if <paramref name="isError"/>.</summary>
        public void Write(bool isError, string text)
        {
            lock (this)
            {
                var kind = _onlyKind != 0 ? _onlyKind : isError ? ToPool.Error : ToPool.Output;
                if (kind != _kind) SendNow();
                _kind = kind;
                var encoder = EncoderOf(isError);
                var chars = text.ToCharArray();
                for (var at = 0; at < chars.Length;)
                {
                    if (_bytes.Length - _count < 64) SendNow();
                    encoder.Convert(chars, at, chars.Length - at, _bytes, _count, _bytes.Length - _count, false, out var used, out var made, out _);
                    at += used;
                    _count += made;
                }
                if (unchecked(Environment.TickCount - _sentAt) >= SoonMs)
                {
                    SendNow();
                    return;
                }
            }
            lock (s_unsent)
            {
                if (s_unsent.Add(this) && s_unsent.Count == 1) s_timer.Change(SoonMs, Timeout.Infinite);
            }
        }

        /// <summary>Sends the collected output.</summary>
        public void Flush()
        {
            lock (s_unsent) s_unsent.Remove(this);
            lock (this) SendNow();
        }

        /// <summary>Ends the output of the task: text written from now on belongs to no task.</summary>
        public void End()
        {
            Flush();
            _id = 0;
        }

        /// <summary>Sends the collected output of all tasks.</summary>
        public static void SendAll()
        {
            TaskOutput[] unsent;
            lock (s_unsent)
            {
                unsent = new TaskOutput[s_unsent.Count];
                s_unsent.CopyTo(unsent);
                s_unsent.Clear();
            }
            foreach (var output in unsent) lock (output) output.SendNow();
        }

        private void SendNow()
        {
            if (_count == 0) return;
            _channel.Send(_kind, _id, _bytes, _count);
            _count = 0;
            _sentAt = Environment.TickCount;
        }

        // A character may arrive in two halves, so each stream has its own state.
        private Encoder EncoderOf(bool isError)
        {
            var encoding = Console.OutputEncoding;
            if (!ReferenceEquals(encoding, _encoding))
            {
                _encoding = encoding;
                _encoders[0] = _encoders[1] = null;
            }
            return _encoders[isError ? 1 : 0] ??= encoding.GetEncoder();
        }
    }
}
