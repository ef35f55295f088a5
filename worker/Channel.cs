using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace PwshPool
{
    /// <summary>Kinds of frames from the pool. Node's half: src/worker/thread/frames.ts.</summary>
    internal enum FromPool : byte { Task = 1, Stop = 2, Interrupt = 3 }

    /// <summary>Kinds of frames to the pool. An output frame with id 0 belongs to no task.</summary>
    internal enum ToPool : byte { Started = 1, Output = 2, Error = 3, Done = 4, Refused = 5, Ending = 6, Unopened = 7, Setup = 8 }

    /// <summary>One frame from the pool. <c>Fields</c>: strings, null where the pool sent none.</summary>
    internal sealed class Frame
    {
        public FromPool Kind;
        public int Id;
        public List<string?> Fields = new List<string?>();
    }

    /// <summary>
    /// The connection to the pool, in frames: a byte for the kind, the id of a task and the length of what follows, both 32 bits with the lowest byte
    /// first. Lists of strings are their lengths in bytes (-1 for null), each followed by its UTF-8.
    /// </summary>
    internal sealed class Channel
    {
        private const int HeaderLength = 9;
        private const int LongestFrame = 64 * 1024 * 1024;
        private readonly Stream _standardOutput = Console.OpenStandardOutput();
        private readonly object _writing = new object();
        private byte[] _buffer = new byte[32 * 1024];
        private Stream? _stream;

        /// <summary>Sends the first line to the pool. Frames follow in both directions.</summary>
        public void Connect(Stream stream, string line)
        {
            var bytes = Encoding.UTF8.GetBytes(line + "\n");
            lock (_writing)
            {
                stream.Write(bytes, 0, bytes.Length);
                _stream = stream;
            }
        }

        /// <summary>Waits for the next frame; null when the pool has closed the connection.</summary>
        public Frame? Receive()
        {
            var header = Read(HeaderLength);
            if (header == null) return null;
            var length = BitConverter.ToInt32(header, 5);
            if (length < 0 || length > LongestFrame) return null;
            var payload = Read(length);
            if (payload == null) return null;
            var frame = new Frame { Kind = (FromPool)header[0], Id = BitConverter.ToInt32(header, 1) };
            for (var at = 0; at < payload.Length;)
            {
                var size = BitConverter.ToInt32(payload, at);
                at += 4;
                frame.Fields.Add(size < 0 ? null : Encoding.UTF8.GetString(payload, at, size));
                at += Math.Max(0, size);
            }
            return frame;
        }

        /// <summary>
        /// Sends bytes. Returns when the system has accepted them; a pool that is gone is not an error. Before the connection there is only output of
        /// modules and setup, which goes to standard output.
        /// </summary>
        public void Send(ToPool kind, int id, byte[] payload, int count)
        {
            lock (_writing)
            {
                if (_stream == null)
                {
                    _standardOutput.Write(payload, 0, count);
                    _standardOutput.Flush();
                    return;
                }
                if (_buffer.Length < HeaderLength + count) _buffer = new byte[HeaderLength + count];
                _buffer[0] = (byte)kind;
                BitConverter.GetBytes(id).CopyTo(_buffer, 1);
                BitConverter.GetBytes(count).CopyTo(_buffer, 5);
                Buffer.BlockCopy(payload, 0, _buffer, HeaderLength, count);
                try { _stream.Write(_buffer, 0, HeaderLength + count); }
                catch (IOException) { }
                catch (ObjectDisposedException) { }
            }
        }

        /// <summary>Sends a list of strings.</summary>
        public void Send(ToPool kind, int id, params string?[] fields)
        {
            var payload = new MemoryStream();
            foreach (var field in fields)
            {
                var bytes = field == null ? Array.Empty<byte>() : Encoding.UTF8.GetBytes(field);
                payload.Write(BitConverter.GetBytes(field == null ? -1 : bytes.Length), 0, 4);
                payload.Write(bytes, 0, bytes.Length);
            }
            Send(kind, id, payload.ToArray(), (int)payload.Length);
        }

        private byte[]? Read(int count)
        {
            var bytes = new byte[count];
            for (var read = 0; read < count;)
            {
                int now;
                try { now = _stream!.Read(bytes, read, count - read); }
                catch (IOException) { return null; }
                catch (ObjectDisposedException) { return null; }
                if (now == 0) return null;
                read += now;
            }
            return bytes;
        }
    }
}
