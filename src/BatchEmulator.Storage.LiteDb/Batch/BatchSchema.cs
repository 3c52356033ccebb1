using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Collections of the database of resources and jobs.</summary>
internal static class BatchSchema
{
    /// <summary>Resources of every kind, by their place in the total order.</summary>
    public const string Resources = "resource";

    /// <summary>Revisions of job definitions, by their place in the total order.</summary>
    public const string Definitions = "definition";

    /// <summary>
    /// Jobs with their submissions, and parts of jobs without one, by their place in the total order: the parts of a job follow it.
    /// </summary>
    public const string Jobs = "job";

    /// <summary>Blocks of ids of jobs, by their number.</summary>
    public const string JobIds = "jobId";

    /// <summary>Tags, by the ARN of their resource.</summary>
    public const string Tags = "tag";

    /// <summary>Notes of the orderings of queues, by queue and key.</summary>
    public const string Notes = "note";

    public static LiteDbSchema Schema { get; } = new(
    [
        // 1.
        session =>
        {
            session.CreateKeyedCollection(Resources);
            session.CreateKeyedCollection(Definitions);
            session.CreateKeyedCollection(Jobs);
        },
    ]);
}
