using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Hosting.Engine;

/// <summary>Times within the stored state.</summary>
internal static class StoredTimes
{
    /// <summary>Returns the latest time at which anything in the stored state happened; null if nothing did.</summary>
    /// <param name="changes">The stored state.</param>
    /// <param name="resourceDelay">Duration of a change of a resource.</param>
    public static DateTimeOffset? LatestOf(IEnumerable<Change> changes, TimeSpan resourceDelay) =>
        changes.SelectMany(c => Of(c, resourceDelay)).Max();

    private static IEnumerable<DateTimeOffset?> Of(Change change, TimeSpan resourceDelay) => change switch
    {
        JobSaved { Value: var job } => Of(job),
        ResourceSaved { Value: var resource } => [resource.LatestTime(resourceDelay)],
        JobDefinitionSaved { Value.DeregisteredAt: var deregisteredAt } => [deregisteredAt],
        OrderingNoteSaved { Value.At: var at } => [at],
        _ => [],
    };

    /// <summary>Excludes the time at which a service job may be handed over again: it is in the future.</summary>
    private static IEnumerable<DateTimeOffset?> Of(Job job) =>
    [
        job.CreatedAt, job.StartedAt, job.StoppedAt, job.BlockedSince, job.Current?.StartedAt, job.Children?.UpdatedAt,
        job.Service?.ScheduledAt, job.Service?.NoCapacitySince, .. job.Attempts.Select(a => (DateTimeOffset?)a.StoppedAt),
    ];
}
