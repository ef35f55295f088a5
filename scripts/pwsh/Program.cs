// All that the program of a release does.
return Microsoft.PowerShell.UnmanagedPSEntry.Start(args, args.Length);
