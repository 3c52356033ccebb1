using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Scheduling.Orderings;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// GetJobQueueSnapshot: the runnable jobs at the front of a queue in the order in which they are to start, and the capacity that its placed
/// jobs hold. Both are of the present moment.
/// </summary>
internal static class GetJobQueueSnapshot
{
    /// <summary>Number of jobs at the front (API Reference, GetJobQueueSnapshot).</summary>
    private const int MaximumJobs = 100;

    /// <summary>Number of shares (API Reference, FairshareUtilizationDetail).</summary>
    private const int MaximumShares = 20;

    private const string VcpuUnit = "VCPU";

    private const string EksUnit = "cpu";

    public static Wire.GetJobQueueSnapshotResponse Decide(Turn turn, Scope scope, Wire.GetJobQueueSnapshotRequest request)
    {
        var queue = turn.State.Of<JobQueue>().GetValueOrDefault(Arn.Resolve(scope, Arn.JobQueueType, request.JobQueue!));
        RequireState(queue is not null && queue.Scope == scope, JobQueueRules.NotFound(request.JobQueue!));
        var ordering = turn.State.OrderingOf(queue!.Arn)!;
        var now = turn.Now.ToUnixTimeMilliseconds();
        var units = UnitsOf(turn.State, queue);
        var shares = ordering as QuotaManagement;
        return new()
        {
            FrontOfQueue = new() { Jobs = shares is null ? [.. FrontOf(ordering, turn.Now)] : [], LastUpdatedAt = now },
            FrontOfQuotaShares = shares is null ? null : new() { QuotaShares = FrontOf(shares), LastUpdatedAt = now },
            QueueUtilization = new()
            {
                TotalCapacityUsage =
                [
                    .. units(ordering.Held)
                        .Select(used => new Wire.QueueSnapshotCapacityUsage { CapacityUnit = used.Unit, Quantity = used.Quantity }),
                ],
                FairshareUtilization = ordering.Shares is { } identifiers ? UtilizationOf(identifiers, units) : null,
                QuotaShareUtilization = shares is null ? null : UtilizationOf(shares, units),
                LastUpdatedAt = now,
            },
        };
    }

    private static IEnumerable<Wire.FrontOfQueueJobSummary> FrontOf(Ordering ordering, DateTimeOffset now)
    {
        var jobs = ordering.Begin(now);
        for (var position = 0; position < MaximumJobs && jobs.Head is { } job; position++)
        {
            yield return new()
            {
                JobArn = job.Arn,
                EarliestTimeAtPosition = (ordering.PositionsOf(job).Since(job) ?? job.CreatedAt).ToUnixTimeMilliseconds(),
            };
            jobs.Take(isPlaced: true);
        }
    }

    /// <summary>Returns the first waiting job of each quota share (User Guide, "Track service job capacity utilization").</summary>
    private static Dictionary<string, IReadOnlyList<Wire.FrontOfQuotaShareJobSummary>> FrontOf(QuotaManagement shares) =>
        shares.Lines.ToDictionary(
            line => line.Name,
            line => (IReadOnlyList<Wire.FrontOfQuotaShareJobSummary>)
            [
                .. line.Waiting.Take(1).Select(job => new Wire.FrontOfQuotaShareJobSummary
                {
                    JobArn = job.Arn,
                    EarliestTimeAtPosition = (line.Positions.Since(job) ?? job.CreatedAt).ToUnixTimeMilliseconds(),
                }),
            ],
            StringComparer.Ordinal);

    private static Wire.QuotaShareUtilizationDetail UtilizationOf(
        QuotaManagement shares, Func<Holdings, IEnumerable<(string Unit, double Quantity)>> units) => new()
        {
            TopCapacityUtilization =
            [
                .. shares.Lines.Where(line => line.Held.MilliVcpus > 0)
                    .OrderByDescending(line => line.Held.MilliVcpus).ThenBy(line => line.Name, StringComparer.Ordinal)
                    .Select(line => new Wire.QuotaShareCapacityUtilization
                    {
                        QuotaShareName = line.Name,
                        CapacityUsage =
                        [
                            .. units(line.Held)
                                .Select(used => new Wire.QuotaShareCapacityUsage { CapacityUnit = used.Unit, Quantity = used.Quantity }),
                        ],
                    }),
            ],
        };

    private static Wire.FairshareUtilizationDetail UtilizationOf(
        IReadOnlyCollection<Share> shares, Func<Holdings, IEnumerable<(string Unit, double Quantity)>> units) => new()
        {
            ActiveShareCount = shares.Count,
            TopCapacityUtilization =
            [
                .. shares.Where(share => share.Held.MilliVcpus > 0)
                    .OrderByDescending(share => share.Held.MilliVcpus).ThenBy(share => share.Identifier, StringComparer.Ordinal)
                    .Take(MaximumShares)
                    .Select(share => new Wire.FairshareCapacityUtilization
                    {
                        ShareIdentifier = share.Identifier,
                        CapacityUsage =
                        [
                            .. units(share.Held)
                                .Select(used => new Wire.FairshareCapacityUsage { CapacityUnit = used.Unit, Quantity = used.Quantity }),
                        ],
                    }),
            ],
        };

    /// <summary>Returns what turns holdings into quantities in the units of a queue: vCPUs, or instances of a type.</summary>
    private static Func<Holdings, IEnumerable<(string Unit, double Quantity)>> UnitsOf(BatchState state, JobQueue queue)
    {
        if (queue.IsService)
        {
            return held => held.Instances.Select(instances => (instances.Key, (double)instances.Value));
        }

        var environments = state.Of<ComputeEnvironment>();
        var isEks = queue.ComputeEnvironmentOrder
            .Any(entry => environments.TryGetValue(entry.ComputeEnvironment!, out var environment) && environment.IsEks);
        return held => [(isEks ? EksUnit : VcpuUnit, held.MilliVcpus / 1000.0)];
    }
}
