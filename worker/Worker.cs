using System;
using System.Collections.Generic;
using System.IO.Pipes;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading;

namespace PwshPool
{
    /// <summary>
    /// A worker that runs several tasks at a time, each in a slot. docs/architecture.md describes the protocol between worker and pool. Started by
    /// src/worker/thread/thread-command.ts.
    /// </summary>
    public static class Worker
    {
        private const int ConnectWithinMs = 10_000;
        private static readonly List<Slot> s_slots = new List<Slot>();
        private static readonly Channel s_channel = new Channel();

        /// <summary>Runs until the pool closes the connection, then ends the process. Call it on PowerShell's own thread.</summary>
        /// <param name="host"><c>$Host</c>.</param>
        /// <param name="profile"><c>$PROFILE</c>.</param>
        /// <param name="home"><c>$PSHOME</c>.</param>
        /// <param name="pid"><c>$PID</c>.</param>
        /// <param name="modules">Names and paths as strings, specifications as hashtables.</param>
        /// <param name="setupFile">A script for each slot, absolute; empty for none.</param>
        /// <param name="slots">How many slots to open now, from 1; others are opened when they get a task.</param>
        public static void Run(PSHost host, string profile, string home, int pid, object[] modules, string setupFile, int slots)
        {
            var setup = new SlotSetup(s_channel, new OuterHost(host), profile, modules.Select(Unwrapped), setupFile.Length == 0 ? null : setupFile);
            OpenFirst(setup);
            var pipe = new NamedPipeClientStream(".", Environment.GetEnvironmentVariable("PWSH_POOL_ADDRESS"), PipeDirection.InOut, PipeOptions.Asynchronous);
            pipe.Connect(ConnectWithinMs);
            var token = Environment.GetEnvironmentVariable("PWSH_POOL_TOKEN");
            foreach (var name in new[] { "PWSH_POOL_ADDRESS", "PWSH_POOL_TOKEN" }) Environment.SetEnvironmentVariable(name, null);
            TaskEnvironment.Save();
            AppDomain.CurrentDomain.ProcessExit += (_, __) => TellWhoEnds();
            s_channel.Connect(pipe, $"ready\t3\t{token}\t{home}\t{pid}");
            while (s_slots.Count < slots) s_slots.Add(new Slot(setup, Ignore));
            while (s_channel.Receive() is Frame frame) Take(frame, setup);
            // Sent here, because exit handlers of tasks may hang.
            TaskOutput.SendAll();
            Environment.Exit(0);
        }

        // The first slot proves that modules and setup work; without them nothing does.
        private static void OpenFirst(SlotSetup setup)
        {
            using (var opened = new ManualResetEventSlim())
            {
                string? failure = null;
                s_slots.Add(new Slot(setup, because =>
                {
                    failure = because;
                    opened.Set();
                }));
                opened.Wait();
                if (failure == null) return;
                TaskOutput.SendAll();
                using (var error = new System.IO.StreamWriter(Console.OpenStandardError())) error.WriteLine("The worker could not go on: " + failure);
                Environment.Exit(1);
            }
        }

        private static void Take(Frame frame, SlotSetup setup)
        {
            switch (frame.Kind)
            {
                case FromPool.Task:
                    Give(new TaskOrder(frame), setup);
                    break;
                case FromPool.Stop:
                    foreach (var slot in s_slots) slot.Stop(frame.Id);
                    break;
                case FromPool.Interrupt:
                    foreach (var slot in s_slots) slot.Interrupt(frame.Id);
                    break;
            }
        }

        private static void Give(TaskOrder order, SlotSetup setup)
        {
            while (s_slots.Count <= order.Slot) s_slots.Add(new Slot(setup, Ignore));
            while (!s_slots[order.Slot].Give(order)) s_slots[order.Slot] = new Slot(setup, Ignore);
        }

        // Called for Environment.Exit on any thread. .NET calls this on a thread of its own, so the task is found by its statement, which calls Exit.
        private static void TellWhoEnds()
        {
            TaskOutput.SendAll();
            var culprits = s_slots.Where(slot => slot.CallsExit).ToList();
            if (culprits.Count == 1) s_channel.Send(ToPool.Ending, culprits[0].Task);
        }

        private static void Ignore(string? because) { }

        private static object Unwrapped(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;
    }
}
