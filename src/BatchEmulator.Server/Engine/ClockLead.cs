using System.Globalization;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Engine;

/// <summary>
/// Remembers in the data folder how far the clock is ahead, so that after a restart nothing that is stored lies in the future. A clock that
/// was paused runs again then.
/// </summary>
internal static class ClockLead
{
    public static EmulatorClock Load(DataFolder folder, ServerSettings settings)
    {
        var path = PathIn(folder);
        return settings.Executor == "simulated" && File.Exists(path)
            && double.TryParse(File.ReadAllText(path), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < TimeSpan.FromDays(366 * 1_000).TotalSeconds
                ? new EmulatorClock(TimeSpan.FromSeconds(seconds))
                : new EmulatorClock();
    }

    public static void Save(DataFolder folder, EmulatorClock clock) =>
        File.WriteAllText(PathIn(folder), clock.Lead.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));

    public static void Forget(DataFolder folder) => File.Delete(PathIn(folder));

    private static string PathIn(DataFolder folder) => folder.File("clock-lead");
}
