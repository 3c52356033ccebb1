namespace BatchEmulator.Executors.Process;

/// <summary>
/// The variables that commands inherit from the server: those that the programs of an operating system need in order to run. Nothing else
/// reaches a job, above all no credentials; <c>--job-env</c> passes further variables.
/// </summary>
internal static class JobVariables
{
    public static readonly IReadOnlyList<(string Name, string Reason)> OnUnix =
    [
        ("PATH", "programs are found by it, the job's own command among them"),
        ("HOME", "programs keep caches and settings there and fail without it: pip, npm, dotnet, git, ssh"),
        ("USER", "who runs the job, for programs that ask"),
        ("LOGNAME", "the same, by its POSIX name"),
        ("TMPDIR", "where this machine has room for temporary files"),
        ("LANG", "the encoding of text: without one, Python and others fall back to ASCII"),
        ("LC_ALL", "overrides LANG where it is set"),
        ("TZ", "the time zone of what jobs print"),
    ];

    private static readonly IReadOnlyList<(string Name, string Reason)> OnWindows =
    [
        ("PATH", "programs are found by it"),
        ("PATHEXT", "the endings of programs"),
        ("SystemRoot", "system libraries, sockets and cryptography are found by it"),
        ("SystemDrive", "the like, in scripts"),
        ("ComSpec", "the shell that runs .cmd and .bat files"),
        ("USERPROFILE", "what HOME is elsewhere"),
        ("TEMP", "where temporary files go"),
        ("TMP", "the same"),
    ];

    /// <summary>Returns those that the server itself has.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Inherited() =>
        from variable in OperatingSystem.IsWindows() ? OnWindows : OnUnix
        let value = Environment.GetEnvironmentVariable(variable.Name)
        where value is not null
        select new KeyValuePair<string, string>(variable.Name, value);
}
