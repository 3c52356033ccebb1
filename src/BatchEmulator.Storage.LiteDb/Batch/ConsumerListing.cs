using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Pages of the jobs that need units of a consumable resource. AWS does not document their order: by name where a filter asks for names.
/// </summary>
internal static class ConsumerListing
{
    public static IReadOnlyList<Job> Read(LiteDbSession session, ConsumerQuery query)
    {
        if (Arn.Parse(query.ResourceArn)?.Scope != query.Scope)
        {
            return [];
        }

        var before = query.After?.Sequence ?? long.MaxValue;
        if (query.Name is not { } filter)
        {
            var consumers = query.Status is { } status
                ? JobKeys.Consumers(query.ResourceArn, status)
                : JobKeys.Consumers(query.ResourceArn);
            return Jobs(session, consumers.Range.After(consumers.ThenDescending(before)), query.Limit);
        }

        // Keys have the jobs in the order of the listing: by name, the newest of a name first.
        var names = query.Status is { } given ? JobKeys.ConsumerNames(query.ResourceArn, given) : JobKeys.ConsumerNames(query.ResourceArn);
        var selected = Wildcard.AtEnd(filter, ignoresCase: true);
        var first = JobKeys.Folded(selected.Prefix);
        var range = (selected.IsExact ? names.Then(first) : names.ThenPrefix(first)).Range;
        return Jobs(
            session,
            query.After is { } place ? range.After(names.Then(JobKeys.Folded(place.JobName)).ThenDescending(place.Sequence)) : range,
            query.Limit);
    }

    private static IReadOnlyList<Job> Jobs(LiteDbSession session, KeyRange range, int limit) =>
        [.. session.Walk(BatchSchema.Jobs, range, limit).Select(JobDocument.Read)];
}
