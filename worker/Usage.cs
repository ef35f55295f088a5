using System.Diagnostics;
using System.Globalization;

namespace PwshPool
{
    /// <summary>Memory in bytes, threads and open handles of the process, as decimal numbers.</summary>
    internal sealed class Usage
    {
        // Counting takes longer than a short task.
        private const int CountEvery = 25;
        private static readonly object s_counting = new object();
        private static Usage? s_recent;
        private static int s_left;

        public string Memory = "0", Threads = "0", Handles = "0";

        /// <summary>The values counted after one of the last tasks.</summary>
        public static Usage Recent()
        {
            lock (s_counting)
            {
                if (s_recent != null && s_left-- > 0) return s_recent;
                s_left = CountEvery;
                using (var process = Process.GetCurrentProcess())
                {
                    return s_recent = new Usage
                    {
                        Memory = process.WorkingSet64.ToString(CultureInfo.InvariantCulture),
                        Threads = process.Threads.Count.ToString(CultureInfo.InvariantCulture),
                        Handles = process.HandleCount.ToString(CultureInfo.InvariantCulture)
                    };
                }
            }
        }
    }
}
