using System.Globalization;
using BatchEmulator.Core.Engine;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Engine;

/// <summary>
/// Remembers in the data folder how far the clock is ahead, so that after a restart nothing that is stored lies in the future. A clock that
/// was paused runs again then.
/// </summary>
internal static partial class ClockLead
{
    /// <summary>Not worth a word: two clocks, or two readings of one, may differ by that.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(1);

    public static EmulatorClock Load(DataFolder folder, ServerSettings settings)
    {
        var path = PathIn(folder);
        return settings.Executor == "simulated" && File.Exists(path)
            && double.TryParse(File.ReadAllText(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < TimeSpan.FromDays(366 * 1_000).TotalSeconds
                ? new EmulatorClock(TimeSpan.FromSeconds(seconds))
                : new EmulatorClock();
    }

    /// <summary>
    /// The machine's clock may have been set back while no server ran. Attempts would end before they started, and timeouts would wait
    /// for the difference: so the clock goes on from the latest time that is stored.
    /// </summary>
    public static void CatchUp(EmulatorClock clock, IReadOnlyList<Change> stored, TimeSpan resourceDelay, ILogger logger)
    {
        if (StoredTimes.LatestOf(stored, resourceDelay) is not { } latest || clock.GetUtcNow() is var now && latest <= now)
        {
            return;
        }

        clock.CatchUp(latest);
        if (latest - now > Unnoticed)
        {
            ClockIsBehind(logger, now.UtcDateTime, latest.UtcDateTime);
        }
    }

    /// <exception cref="IOException">It cannot be stored; what is stored stays.</exception>
    public static void Save(DataFolder folder, EmulatorClock clock)
    {
        var path = PathIn(folder);
        PrivateFiles.WriteAllText(path + ".new", clock.Lead.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));
        File.Move(path + ".new", path, overwrite: true);
    }

    public static void Forget(DataFolder folder) => File.Delete(PathIn(folder));

    [LoggerMessage(
        LogLevel.Warning,
        "The clock of this machine ({Now:yyyy-MM-ddTHH:mm:ssZ}) is behind the latest time of unfinished jobs and resources "
        + "in the data folder. The emulator goes on from that time, {Latest:yyyy-MM-ddTHH:mm:ssZ}.")]
    private static partial void ClockIsBehind(ILogger logger, DateTime now, DateTime latest);

    private static string PathIn(DataFolder folder) => folder.File("clock-lead");
}
