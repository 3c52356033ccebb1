using System.Text;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// Ends what belongs to a command although it left the command's session, as <c>setsid</c> and daemons do. The command gets a variable with
/// a random value, its mark, which everything that it starts inherits; Linux shows the environment of every process of the same user in
/// <c>/proc</c>. A process that clears its environment, or runs as another user, is not found this way. Elsewhere there is no <c>/proc</c>,
/// and only the session or the tree of processes can be reached.
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

    /// <summary>In this time the ids of processes, of which a kernel has at least 32,768, cannot have gone round.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(2);

    /// <summary>A mark for one command: names the attempt for whoever looks into a process, and is unique.</summary>
    /// <returns><c>NAME=VALUE</c>.</returns>
    public static string NewMark(AttemptKey key) => $"{Variable}={key}/{Guid.NewGuid():N}";

    /// <summary>Kills what is left of a command whose leader has ended; completes when there is no more.</summary>
    /// <param name="mark">Of the command.</param>
    /// <param name="leader">Its process id.</param>
    /// <param name="lifetime">How long the leader lived.</param>
    public static Task EndAsync(string mark, int leader, TimeSpan lifetime)
    {
        // Ids ascend until they go round: after a short life, which is what many commands have, only a few processes have to be looked at.
        var isYoungest = ProcessTable.IsThere && lifetime < ShortLife && ProcessTable.LastId() >= leader;
        return EndAsync([mark], isYoungest ? leader : 0);
    }

    /// <summary>Kills everything that carries one of these marks; completes when there is no more.</summary>
    /// <param name="marks">Variables, each <c>NAME=VALUE</c>; empty ones are passed over.</param>
    /// <param name="after">The processes have ids above this one.</param>
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

    /// <summary>As it stands between other variables.</summary>
    private static byte[] Entry(string mark) => Encoding.UTF8.GetBytes($"\0{mark}\0");
}
