using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.PowerShell.Commands;

namespace EmbeddedPwsh;

public static class Program
{
    private const PipelineResultTypes OutputAndError = PipelineResultTypes.Output | PipelineResultTypes.Error;

    public static int Main(string[] args)
    {
        try
        {
            return Run(CommandLine.Parse(args));
        }
        catch (CommandLineException e)
        {
            Console.Error.WriteLine(e.Message);
            return 64;
        }
    }

    private static int Run(CommandLine line)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var host = new ConsoleHost(line);
        if (line.Version)
        {
            Console.WriteLine($"PowerShell {host.Version.ToString(3)}");
            return 0;
        }
        // As pwsh does, so that `pwsh` in a script is this very program.
        var path = Environment.GetEnvironmentVariable("PATH");
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar) + Path.PathSeparator;
        if (path?.StartsWith(here, StringComparison.Ordinal) != true) Environment.SetEnvironmentVariable("PATH", here + path);
        if (line.Server)
        {
            const string mediator = "System.Management.Automation.Remoting.Server.StdIOProcessMediator";
            Engine.CallStatic(mediator, "Run", line.Command ?? "", line.WorkingDirectory, null, null, false);
            return 0;
        }
        if (line.WorkingDirectory != null) Environment.CurrentDirectory = line.WorkingDirectory;
        using var runspace = RunspaceFactory.CreateRunspace(host, SessionState());
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        Runspace.DefaultRunspace = host.Runspace = runspace;
        runspace.SessionStateProxy.SetVariable("PROFILE", Path.Combine(AppContext.BaseDirectory, "profile.ps1"));
        var exitCode = Run(line, host, runspace);
        runspace.Close();
        host.Close();
        return exitCode;
    }

    /// <summary>pwsh's own, and all cmdlets, whose modules would take longer to find than the rest of a start takes.</summary>
    private static InitialSessionState SessionState()
    {
        var state = InitialSessionState.CreateDefault2();
        foreach (var type in new[] {typeof(WriteOutputCommand), typeof(GetItemCommand)}.SelectMany(one => one.Assembly.ExportedTypes))
            if (type.GetCustomAttribute<CmdletAttribute>() is { } name)
                state.Commands.Add(new SessionStateCmdletEntry($"{name.VerbName}-{name.NounName}", type, null));
        return state;
    }

    private static int Run(CommandLine line, ConsoleHost host, Runspace runspace)
    {
        Pipeline pipeline;
        if (line.File == null)
        {
            // Without a place in the history the engine puts $? back afterwards, and every failing command would end with 0.
            pipeline = runspace.CreatePipeline(line.Command, addToHistory: true);
        }
        else
        {
            var isScript = !line.File.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
            var command = new Command(isScript ? File.ReadAllText(line.File) : line.File, isScript, useLocalScope: false);
            foreach (var argument in line.Arguments) command.Parameters.Add(argument);
            pipeline = runspace.CreatePipeline();
            pipeline.Commands.Add(command);
            // Otherwise the file's own `exit 3` would only set $LASTEXITCODE.
            Engine.Set(Engine.Get(runspace, "ExecutionContext")!, "ScriptCommandProcessorShouldRethrowExit", true);
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            pipeline.StopAsync();
        });
        try
        {
            Show(pipeline, line.XmlOutput == true ? (ClixmlWriter)host.Output : null);
        }
        catch (RuntimeException e)
        {
            Report(e, runspace);
            return line.File == null ? host.ExitCode ?? 1 : 1;
        }
        return host.ExitCode ?? (LastSucceeded(runspace) ? 0 : 1);
    }

    private static void Show(Pipeline pipeline, ClixmlWriter? xml = null)
    {
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        if (xml == null) pipeline.Commands.Add(Outputter());
        pipeline.Input.Close();
        foreach (var result in pipeline.Invoke())
            xml?.Write(result, result.BaseObject is ErrorRecord ? "Error" : "Output");
    }

    private static Command Outputter() =>
        new("Out-Default", isScript: false, useLocalScope: true) {MergeUnclaimedPreviousCommandResults = OutputAndError};

    /// <summary>An error that ended the script, shown by the formatter as on a console: on standard error, with its position.</summary>
    private static void Report(RuntimeException error, Runspace runspace)
    {
        var shown = new PSObject(error.ErrorRecord);
        Engine.Set(shown, "WriteStream", 2);
        using var pipeline = runspace.CreatePipeline();
        pipeline.Commands.Add(Outputter());
        pipeline.Input.Write(shown);
        pipeline.Input.Close();
        pipeline.Invoke();
    }

    private static bool LastSucceeded(Runspace runspace)
    {
        using var pipeline = runspace.CreatePipeline("$global:?");
        return pipeline.Invoke() is [{BaseObject: true}];
    }
}
