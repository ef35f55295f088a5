using System;
using System.Collections.Generic;
using System.Threading;

namespace PwshPool
{
    /// <summary>A task as the pool sends it.</summary>
    internal sealed class TaskOrder
    {
        public TaskOrder(Frame frame)
        {
            Id = frame.Id;
            Slot = int.Parse(frame.Fields[0]!);
            File = frame.Fields[1]!;
            Folder = frame.Fields[2]!;
            for (var at = 3; at + 1 < frame.Fields.Count; at += 2) Variables.Add(new KeyValuePair<string, string?>(frame.Fields[at]!, frame.Fields[at + 1]));
        }

        public int Id { get; }

        /// <summary>Number of the slot, from 0. The pool gives a slot one task at a time.</summary>
        public int Slot { get; }

        /// <summary>Absolute paths of its script and of its working directory.</summary>
        public string File { get; }
        public string Folder { get; }

        /// <summary>Changes of the environment of the worker; null removes a variable.</summary>
        public List<KeyValuePair<string, string?>> Variables { get; } = new List<KeyValuePair<string, string?>>();
    }

    /// <summary>
    /// Runs one task at a time, on its own thread with a session that is kept from task to task. The thread belongs to the task, so that it can be
    /// interrupted, and has the stack size of PowerShell's own.
    /// </summary>
    internal sealed class Slot
    {
        private const int StackSize = 10 * 1024 * 1024;
        private readonly SlotSetup _setup;
        private readonly Thread _thread;
        private readonly object _changing = new object();
        private TaskOrder? _next;
        private TaskCall _call = new TaskCall();
        private int _running;
        private bool _isCalling;
        private bool _isInterrupted;
        private bool _isOver;
        private Session? _session;

        /// <summary>Opens a slot on its own thread. <paramref name="onOpened"/> is called there with null, or with the error.</summary>
        public Slot(SlotSetup setup, Action<string?> onOpened)
        {
            _setup = setup;
            _thread = new Thread(() => Work(onOpened), StackSize) { IsBackground = true, Name = "pwsh-pool.Slot" };
            if (Platform.IsWindows) _thread.SetApartmentState(Thread.CurrentThread.GetApartmentState());
            _thread.Start();
        }

        /// <summary>The id of the running task; 0 for none.</summary>
        public int Task => _running;

        /// <summary>Whether the statement that the task runs ends the process through .NET.</summary>
        public bool CallsExit => _isCalling && _session?.CallsExit == true;

        /// <summary>Gives the slot its next task, after the previous one has ended. False if the slot has been given up, so another must replace it.</summary>
        public bool Give(TaskOrder order)
        {
            lock (_changing)
            {
                if (_isOver) return false;
                _next = order;
                _running = order.Id;
                _call = new TaskCall();
                Monitor.Pulse(_changing);
                return true;
            }
        }

        /// <summary>Begins to stop task <paramref name="id"/>, if it is running or next.</summary>
        public void Stop(int id)
        {
            lock (_changing) if (_running == id) _call.Stop();
        }

        /// <summary>Interrupts task <paramref name="id"/> where it waits for something that a stop does not end. Its slot is given up.</summary>
        public void Interrupt(int id)
        {
            lock (_changing)
            {
                // For a task that has not begun, the stop is enough.
                if (_running != id || !_isCalling) return;
                _isInterrupted = true;
                _thread.Interrupt();
            }
        }

        private void Work(Action<string?> onOpened)
        {
            Session? session = null;
            string? failure = null;
            try
            {
                session = Session.Open(_setup);
                onOpened(null);
                while (!_isInterrupted) session = Run(session, Next());
            }
            catch (SetupException error)
            {
                failure = error.Message;
                onOpened(failure);
            }
            Close(failure);
            session?.Close();
        }

        private TaskOrder Next()
        {
            lock (_changing)
            {
                while (_next == null) Monitor.Wait(_changing);
                var order = _next;
                _next = null;
                return order;
            }
        }

        /// <summary>Runs a task, and returns the session for the next one.</summary>
        private Session Run(Session session, TaskOrder order)
        {
            var output = new TaskOutput(_setup.Channel, order.Id);
            if (session.Begin(order, output) is string refusal)
            {
                lock (_changing) _running = 0;
                _setup.Channel.Send(ToPool.Refused, order.Id, refusal);
                return session;
            }
            TaskOutput.Current = output;
            var call = _call;
            _session = session;
            lock (_changing) _isCalling = true;
            var end = session.Run(call, order.File);
            Settle();
            var isDisturbed = _isInterrupted || call.IsStopped;
            _setup.Channel.Send(ToPool.Done, order.Id, session.Finish(end, output, isDisturbed));
            return isDisturbed || !session.Reset() ? Renewed(session) : session;
        }

        private Session Renewed(Session session)
        {
            session.Close();
            return _isInterrupted ? session : Session.Open(_setup);
        }

        // From here on nobody interrupts the thread any more. Consumes an interrupt that has not taken effect yet.
        private void Settle()
        {
            for (var isSettled = false; !isSettled;)
            {
                try
                {
                    lock (_changing)
                    {
                        _running = 0;
                        _isCalling = false;
                        _isOver = _isInterrupted;
                    }
                    if (_isInterrupted) Thread.Sleep(1);
                    isSettled = true;
                }
                catch (ThreadInterruptedException) { }
            }
        }

        private void Close(string? failure)
        {
            TaskOrder? waiting;
            lock (_changing)
            {
                _isOver = true;
                waiting = _next;
            }
            if (waiting != null) _setup.Channel.Send(ToPool.Unopened, waiting.Id, failure);
        }
    }
}
