using System.Text;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// Ends processes of a command that left the command's session, as with <c>setsid</c> and daemons. The command gets a variable with a
/// random value, its mark, which all its processes inherit; Linux shows the environment of every process of the same user in <c>/proc</c>.
/// A process that clears its environment, or runs as another user, is not found this way. Elsewhere there is no <c>/proc</c>, and only the
/// session or the tree of processes can be reached.
/// </summary>
internal static class MarkedProcesses
{
    /// <summary>Name of the variable.</summary>
    public const string Variable = "BATCH_EMULATOR_ATTEMPT";

    /// <summary>
    /// Maximum number of scans for marked processes: one that forks while the others are killed is found by the next scan.
    /// </summary>
    private const int MostLooks = 200;

    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Within this time the ids of processes, of which a kernel has at least 32,768, cannot have wrapped around.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(2);

    /// <summary>Returns a unique mark for a command, which names the attempt for anyone who inspects a process.</summary>
    /// <returns><c>NAME=VALUE</c>.</returns>
    public static string NewMark(AttemptKey key) => $"{Variable}={key}/{Guid.NewGuid():N}";

    /// <summary>Kills the remaining processes of a command whose leader has ended; completes when there are none.</summary>
    /// <param name="mark">Mark of the command.</param>
    /// <param name="leader">Process id of the leader.</param>
    /// <param name="lifetime">Lifetime of the leader.</param>
    public static Task EndAsync(string mark, int leader, TimeSpan lifetime)
    {
        // Ids ascend until they wrap around: after a short life, as many commands have, only a few processes have to be examined.
        var isYoungest = ProcessTable.IsThere && lifetime < ShortLife && ProcessTable.LastId() >= leader;
        return EndAsync([mark], isYoungest ? leader : 0);
    }

    /// <summary>Kills all processes with one of these marks; completes when there are none.</summary>
    /// <param name="marks">Variables, each <c>NAME=VALUE</c>; empty ones are skipped.</param>
    /// <param name="after">Id above which the processes are.</param>
    public static async Task EndAsync(IEnumerable<string> marks, int after = 0)
    {
        List<byte[]> entries = [.. marks.Where(mark => mark.Length > 0).Distinct(StringComparer.Ordinal).Select(Entry)];
        if (!ProcessTable.IsThere || entries.Count == 0)
        {
            return;
        }

        for (var look = 0; look < MostLooks && await new ProcessTable().KillAsync(entries, after); look++)
        {
            await Task.Delay(LookPause);
        }
    }

    /// <summary>Returns a mark as it occurs between other variables.</summary>
    private static byte[] Entry(string mark) => Encoding.UTF8.GetBytes($"\0{mark}\0");
}
