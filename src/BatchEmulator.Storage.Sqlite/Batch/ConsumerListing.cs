using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>
/// Pages of the jobs that need units of a consumable resource. AWS does not document their order: by name where a filter asks for names.
/// </summary>
internal static class ConsumerListing
{
    private const string Select =
        $"{JobRow.SelectWhole} FROM consumer c CROSS JOIN job j ON j.sequence = c.job CROSS JOIN job_specification s ON s.sequence = c.job";

    public static IReadOnlyList<Job> Read(ReaderPool.Reader reader, ConsumerQuery query)
    {
        if (Arn.Parse(query.ResourceArn)?.Scope != query.Scope)
        {
            return [];
        }

        // The parameter of the status exists without one, too.
        var status = query.Status is { } given ? (object)(int)given : null;
        var consumers = status is null ? "c.resource = $2 AND $1 IS NULL" : "c.resource = $2 AND c.status = $1";
        if (query.Name is not { } filter)
        {
            return reader
                .Prepare($"{Select} WHERE {consumers} AND c.job < $3 ORDER BY c.job DESC LIMIT $4", 4)
                .Rows(JobRow.Read, status, query.ResourceArn, query.After?.Sequence ?? long.MaxValue, query.Limit);
        }

        var ofName = reader.Prepare(
            $"{Select} WHERE {consumers} AND c.name = $3 COLLATE NOCASE AND c.job < $4 ORDER BY c.job DESC LIMIT $5", 5);
        var next = (bool isIncluded) => reader.Prepare(
            $"""
            SELECT c.name FROM consumer c WHERE {consumers} AND c.name {(isIncluded ? ">=" : ">")} $3 COLLATE NOCASE
            ORDER BY c.name COLLATE NOCASE LIMIT 1
            """,
            3);
        return new GroupedWalk(
            (name, before, limit) => ofName.Rows(JobRow.Read, status, query.ResourceArn, name, before, limit),
            (name, isIncluded) => next(isIncluded).Rows(row => row.GetString(0), status, query.ResourceArn, name).FirstOrDefault())
            .Read(Wildcard.AtEnd(filter, ignoresCase: true), query.After, query.Limit);
    }
}
