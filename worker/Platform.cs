using System;

namespace PwshPool
{
    internal static class Platform
    {
        public static readonly bool IsWindows = Environment.OSVersion.Platform == PlatformID.Win32NT;
    }
}
