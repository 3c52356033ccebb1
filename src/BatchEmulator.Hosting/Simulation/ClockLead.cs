using System.Globalization;
using System.Text;
using BatchEmulator.Core.Engine;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>
/// Keeps the lead of the clock in the data folder, so that after a restart nothing stored is in the future. A clock that was paused runs
/// again then.
/// </summary>
internal static partial class ClockLead
{
    /// <summary>Difference that is not logged: two clocks, or two readings of one, may differ by that.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(1);

    /// <param name="folder">Folder in which the lead is stored; null for none.</param>
    public static EmulatorClock Load(string? folder) =>
        folder is not null && PathIn(folder) is var path && File.Exists(path)
            && double.TryParse(File.ReadAllText(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < TimeSpan.FromDays(366 * 1_000).TotalSeconds
                ? new EmulatorClock(TimeSpan.FromSeconds(seconds))
                : new EmulatorClock();

    /// <summary>
    /// Advances the clock to the latest stored time. The machine's clock may have been set back while no server ran: attempts would end
    /// before they started, and timeouts would wait for the difference.
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

    /// <exception cref="IOException">The lead cannot be stored; the stored one stays.</exception>
    public static void Save(string folder, EmulatorClock clock) =>
        StateFile.Replace(PathIn(folder), Encoding.ASCII.GetBytes(clock.Lead.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)));

    public static void Forget(string folder) => File.Delete(PathIn(folder));

    [LoggerMessage(
        LogLevel.Warning,
        "The clock of this machine ({Now:yyyy-MM-ddTHH:mm:ssZ}) is behind the latest time of unfinished jobs and resources "
        + "in the data folder. The emulator continues from that time, {Latest:yyyy-MM-ddTHH:mm:ssZ}.")]
    private static partial void ClockIsBehind(ILogger logger, DateTime now, DateTime latest);

    private static string PathIn(string folder) => Path.Combine(folder, "clock-lead");
}
