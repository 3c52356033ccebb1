using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>Orderings of queues by name, one line each.</summary>
internal static class OrderingMap
{
    private const string FirstInFirstOut = "FIFO";
    private const string FairShare = "FAIR_SHARE";
    private const string QuotaShares = "QUOTA_SHARES";

    private static readonly Dictionary<string, Func<JobQueue, SchedulingPolicy?, Ordering>> ByName = new(StringComparer.Ordinal)
    {
        [FirstInFirstOut] = (_, _) => new FirstInFirstOut(),
        [FairShare] = (queue, policy) => new FairShare(queue.Arn, policy!),
        [QuotaShares] = (_, _) => new QuotaManagement(),
    };

    /// <summary>Creates the ordering of a queue. A queue has a scheduling policy from the beginning or never.</summary>
    public static Ordering Create(JobQueue queue, SchedulingPolicy? policy) => ByName[NameOf(policy)](queue, policy);

    private static string NameOf(SchedulingPolicy? policy) => policy is null ? FirstInFirstOut : policy.QuotaShare is null ? FairShare : QuotaShares;
}
