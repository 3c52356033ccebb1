using System.Globalization;
using System.Runtime.InteropServices;
using OsProcess = System.Diagnostics.Process;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// A command with all its processes. On Linux the command leads a separate session, so that signals reach all of it; without <c>setsid</c>
/// only the current process tree can be reached.
/// </summary>
internal static class ProcessGroup
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;

    /// <summary>Runs a program as the leader of a new session, under the same process id; null if there is none.</summary>
    public static readonly string? SessionStarter =
        OperatingSystem.IsWindows() ? null : new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    public static void Terminate(OsProcess leader)
    {
        if (SessionStarter is not null)
        {
            SignalSession(leader, Sigterm);
        }
        else if (!OperatingSystem.IsWindows())
        {
            _ = Kill(leader.Id, Sigterm);
        }
        else
        {
            // Windows has nothing like SIGTERM for a process without a window.
            KillAll(leader);
        }
    }

    public static void KillAll(OsProcess leader)
    {
        if (SessionStarter is not null)
        {
            SignalSession(leader, Sigkill);
            return;
        }

        try
        {
            leader.Kill(entireProcessTree: true);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }
    }

    /// <summary>
    /// Returns the birth of a process: together with its id, it identifies the process among all that ever had the id. Null if there is
    /// none.
    /// </summary>
    public static string? BirthOf(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return Stat(id) is { } stat ? $"{BootId()}/{stat.Birth}" : null;
            }

            using var process = OsProcess.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IOException
            or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns the birth for a note: <see cref="BirthOf"/> the leader, or, if it has ended already, the start of the machine under which it
    /// ran.
    /// </summary>
    public static string NoteOf(int id) => BirthOf(id) ?? (OperatingSystem.IsLinux() ? $"{BootId()}/" : "");

    /// <summary>Identifies this server for as long as the machine runs: its process id and its birth.</summary>
    public static string OwnIdentity { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {BirthOf(Environment.ProcessId)}");

    /// <summary>Kills the leader of a command that an earlier server started, with its group, if it is still running.</summary>
    /// <param name="id">Process id of the leader.</param>
    /// <param name="birth">Result of <see cref="NoteOf"/> at that time.</param>
    public static void KillLeftover(int id, string birth)
    {
        if (BirthOf(id) == birth)
        {
            KillLeader(id);
        }
    }

    private static void KillLeader(int id)
    {
        try
        {
            using var leader = OsProcess.GetProcessById(id);
            KillAll(leader);
        }
        catch (ArgumentException)
        {
            // It has just ended.
        }
    }

    /// <summary>
    /// Reads proc(5): the name is in parentheses and may contain anything; the state is field 3, the session 6, the birth 22, the end of
    /// the environment 51.
    /// </summary>
    public static (int Session, string Birth, bool HasEnvironment)? Stat(int id)
    {
        const int sessionAfterName = 3;
        const int birthAfterName = 19;
        const int environmentEndAfterName = 48;
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : (
                int.Parse(fields[sessionAfterName], CultureInfo.InvariantCulture),
                fields[birthAfterName],
                fields[environmentEndAfterName] != "0");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string BootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Signals the session, or the command alone if it has not become a session leader yet.</summary>
    private static void SignalSession(OsProcess leader, int signal)
    {
        if (Kill(-leader.Id, signal) != 0 && !leader.HasExited)
        {
            _ = Kill(leader.Id, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
