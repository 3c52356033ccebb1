using System.Globalization;
using System.Runtime.InteropServices;
using OsProcess = System.Diagnostics.Process;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// A command with everything that it started. On Linux the command leads a session of its own, so that signals reach all of it;
/// where there is no <c>setsid</c> only the tree that is alive at the moment can be reached.
/// </summary>
internal static class ProcessGroup
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;

    /// <summary>Runs a program as the leader of a new session, under the same process id; null where there is none.</summary>
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
    /// When a process began, in a form that together with its id tells it from any other that ever had the id. Null if there is none.
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
    /// What a later server needs to know of a command, beside its id: <see cref="BirthOf"/> its leader, or, if that has ended already,
    /// since which start of the machine it can only have been.
    /// </summary>
    public static string NoteOf(int id) => BirthOf(id) ?? (OperatingSystem.IsLinux() ? $"{BootId()}/" : "");

    /// <summary>Names this server for as long as the machine runs: its process id and its birth.</summary>
    public static string OwnIdentity { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {BirthOf(Environment.ProcessId)}");

    /// <summary>Kills the leader of a command that an earlier server started, with its group, if it lives.</summary>
    /// <param name="id">Its process id.</param>
    /// <param name="birth">What <see cref="NoteOf"/> said then.</param>
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
    /// proc(5): the name stands in parentheses and may contain anything; the state is field 3, the session 6, the birth 22, the end of the
    /// environment 51.
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

    /// <summary>Between its start and its becoming a session leader, a command can only be reached by itself.</summary>
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
