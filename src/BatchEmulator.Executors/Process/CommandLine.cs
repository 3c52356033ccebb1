using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

/// <summary>A command could not be started.</summary>
internal sealed class CommandNotStartedException(string reason, int? exitCode = null) : Exception(reason)
{
    public AttemptNotStarted End { get; } = new(reason, exitCode);
}

/// <summary>A container's launch as a program of the host, with arguments and environment.</summary>
internal sealed record CommandLine(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>
    /// Variable with the address of a node, as its network interface has it on AWS: the nodes of a job can only listen on the same port if
    /// each has a separate address.
    /// </summary>
    private const string NodeAddressVariable = "BATCH_EMULATOR_NODE_ADDRESS";

    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private const string CannotStart = "CannotStartContainerError: ";

    /// <param name="container">The launch.</param>
    /// <param name="folder">Working folder of the command.</param>
    /// <param name="mark">Mark of the command's processes: see <see cref="MarkedProcesses"/>.</param>
    /// <param name="address">Loopback address of a node; null if it has none.</param>
    /// <exception cref="CommandNotStartedException">The command is missing or cannot be run.</exception>
    public static CommandLine Of(ContainerLaunch container, string folder, string mark, string? address = null)
    {
        IReadOnlyList<string> words = [.. container.EntryPoint ?? [], .. container.Command];
        if (words.Count == 0)
        {
            throw new CommandNotStartedException(
                $"{CannotStart}the job definition has no command, and the entry point of the image {container.Image} is unknown: "
                + "the process executor runs commands on the host and needs one");
        }

        RefuseNul(words, container.Environment);
        var environment = EnvironmentOf(container);
        environment[MarkedProcesses.Variable] = mark[(MarkedProcesses.Variable.Length + 1)..];
        if (address is not null)
        {
            environment[NodeAddressVariable] = address;
        }

        return new CommandLine(Find(words[0], folder, environment), [.. words.Skip(1)], environment);
    }

    /// <summary>The operating system takes a NUL for the end of a word: the rest would be silently cut off.</summary>
    private static void RefuseNul(IReadOnlyList<string> words, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        if (words.Any(HasNul))
        {
            throw new CommandNotStartedException($"{CannotStart}exec: the command contains a NUL character", NotFound);
        }

        if (environment.FirstOrDefault(variable => HasNul(variable.Key) || HasNul(variable.Value)) is { Key: { } name })
        {
            throw new CommandNotStartedException(
                $"{CannotStart}exec: the environment variable {name.Replace('\0', '?')} contains a NUL character", NotFound);
        }

        static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);
    }

    private static Dictionary<string, string> EnvironmentOf(ContainerLaunch container)
    {
        var environment = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in JobVariables.Inherited().Concat(container.Environment))
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>
    /// Looks the program up as exec would, with the job's own PATH: the runtime's lookup would use the server's.
    /// </summary>
    private static string Find(string program, string folder, Dictionary<string, string> environment)
    {
        if (program.Contains('/', StringComparison.Ordinal) || Path.IsPathRooted(program))
        {
            var path = Path.GetFullPath(program, folder);
            return CanRun(path) ? path
                : File.Exists(path) || Directory.Exists(path)
                    ? throw new CommandNotStartedException($"{CannotStart}exec: \"{program}\": permission denied", NotExecutable)
                    : throw new CommandNotStartedException(
                        $"{CannotStart}exec: \"{program}\": stat {program}: no such file or directory", NotFound);
        }

        var folders = environment.GetValueOrDefault("PATH", "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        var found = folders
            .SelectMany(candidate => endings.Select(ending => Path.GetFullPath(Path.Combine(candidate, program + ending), folder)))
            .FirstOrDefault(CanRun);
        return program.Length > 0 && found is not null
            ? found
            : throw new CommandNotStartedException($"{CannotStart}exec: \"{program}\": executable file not found in $PATH", NotFound);
    }

    private static bool CanRun(string path)
    {
        const UnixFileMode anyone = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & anyone) != UnixFileMode.None);
    }
}
