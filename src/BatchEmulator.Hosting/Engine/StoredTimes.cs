using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Hosting.Engine;

/// <summary>Times of what is stored.</summary>
internal static class StoredTimes
{
    /// <summary>The latest time at which anything of the stored state happened; null when nothing did.</summary>
    /// <param name="changes">The stored state.</param>
    /// <param name="resourceDelay">How long before it settles a resource was changed.</param>
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

    /// <summary>Not when a service job may be handed over again: that is yet to come.</summary>
    private static IEnumerable<DateTimeOffset?> Of(Job job) =>
    [
        job.CreatedAt, job.StartedAt, job.StoppedAt, job.BlockedSince, job.Current?.StartedAt, job.Children?.UpdatedAt,
        job.Service?.ScheduledAt, job.Service?.NoCapacitySince, .. job.Attempts.Select(a => (DateTimeOffset?)a.StoppedAt),
    ];
}
