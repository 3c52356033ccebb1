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
        return new()
        {
            FrontOfQueue = new() { Jobs = [.. FrontOf(ordering, turn.Now)], LastUpdatedAt = now },
            QueueUtilization = new()
            {
                TotalCapacityUsage =
                [
                    .. units(ordering.Held)
                        .Select(used => new Wire.QueueSnapshotCapacityUsage { CapacityUnit = used.Unit, Quantity = used.Quantity }),
                ],
                FairshareUtilization = ordering.Shares is { } shares ? UtilizationOf(shares, units) : null,
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
                EarliestTimeAtPosition = (ordering.Positions.Since(job) ?? job.CreatedAt).ToUnixTimeMilliseconds(),
            };
            jobs.Take(isPlaced: true);
        }
    }

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
