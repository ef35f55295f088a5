namespace EmbeddedPwsh;

public sealed class CommandLineException(string message) : Exception(message);

/// <summary>The arguments of pwsh that this host knows. Anything else is an error.</summary>
public sealed class CommandLine
{
    public bool Version { get; private set; }

    /// <summary>Start-Job's child: objects over standard input and output.</summary>
    public bool Server { get; private set; }
    public bool NonInteractive { get; private set; }
    public string? File { get; private set; }
    public string? Command { get; private set; }

    /// <summary>What `pwsh -Command { … }` in a script becomes, with -OutputFormat xml when its output is read.</summary>
    public bool Encoded { get; private set; }
    public bool? XmlOutput { get; private set; }
    public string? WorkingDirectory { get; private set; }
    public List<CommandParameter> Arguments { get; } = [];

    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].StartsWith('-') ? args[i].TrimStart('-').ToLower(CultureInfo.InvariantCulture) : "file";
            if (!args[i].StartsWith('-')) i--;
            string Next() => ++i < args.Length ? args[i] : throw new CommandLineException($"An argument is required for -{name}.");
            switch (name)
            {
                case "version" or "v": line.Version = true; break;
                case "servermode" or "s": line.Server = true; break;
                case "noninteractive" or "noni": line.NonInteractive = true; break;
                case "nologo" or "noprofile" or "nop": break;
                case "workingdirectory" or "wd": line.WorkingDirectory = Next(); break;
                case "inputformat" or "inp": Next(); break;
                case "outputformat" or "o": line.XmlOutput = Next() == "xml"; break;
                case "encodedcommand" or "e" or "ec":
                    line.Command = Encoding.Unicode.GetString(Convert.FromBase64String(Next()));
                    line.Encoded = true;
                    break;
                case "command" or "c":
                    Next();
                    line.Command = string.Join(' ', args[i..]);
                    return line;
                case "file" or "f":
                    line.SetFile(Next(), args[(i + 1)..]);
                    return line;
                default: throw new CommandLineException($"The argument '{args[i]}' is not known to the embedded PowerShell.");
            }
        }
        if (line is {Version: false, Server: false, Command: null})
            throw new CommandLineException("The embedded PowerShell has no prompt: -File, -Command or -Version is required.");
        return line;
    }

    private void SetFile(string file, string[] arguments)
    {
        File = Path.GetFullPath(file);
        if (!System.IO.File.Exists(File))
            throw new CommandLineException($"The argument '{file}' is not recognized as the name of a script file. " +
                "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.");
        foreach (var argument in arguments)
        {
            var colon = argument.IndexOf(':');
            if (argument is not ['-', _, ..]) Arguments.Add(new CommandParameter(null, argument));
            else if (colon < 0 || colon == argument.Length - 1) Arguments.Add(new CommandParameter(argument.TrimEnd(':'), null));
            else Arguments.Add(new CommandParameter(argument[..colon], Typed(argument[(colon + 1)..])));
        }
    }

    private static object Typed(string value) => value.ToLowerInvariant() switch {"$true" => true, "$false" => false, _ => value};
}
