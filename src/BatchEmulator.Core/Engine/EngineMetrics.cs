using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Engine;

/// <summary>Load of queues and environments at one moment.</summary>
/// <param name="Queues">The queues.</param>
/// <param name="Environments">The compute environments.</param>
/// <param name="ServiceEnvironments">The service environments.</param>
/// <param name="Instances">The instances, by environment and type.</param>
public sealed record EngineMetrics(
    IReadOnlyList<QueueMetrics> Queues,
    IReadOnlyList<EnvironmentMetrics> Environments,
    IReadOnlyList<EnvironmentMetrics> ServiceEnvironments,
    IReadOnlyList<InstanceMetrics> Instances)
{
    public static EngineMetrics Read(Turn turn)
    {
        var state = turn.State;
        var costs = state.Costs.Settled();
        var environments = InOrder<ComputeEnvironment>(state).ToList();
        return new(
            [.. InOrder<JobQueue>(state).Select(queue => QueueMetrics.Of(state, queue, turn.Now))],
            [.. environments.Select(environment => Of(state, environment, costs))],
            [.. InOrder<ServiceEnvironment>(state).Select(environment => Of(state, environment))],
            InstanceMetrics.Of(state, environments, costs));
    }

    private static IEnumerable<T> InOrder<T>(BatchState state)
        where T : Resource => state.Of<T>().Values.OrderBy(resource => resource.Sequence);

    private static EnvironmentMetrics Of(BatchState state, ComputeEnvironment environment, CostLedger costs) => new(
        environment.Scope,
        environment.Name,
        state.Capacity.Used(environment.Arn).MilliVcpus / 1000.0,
        environment.IsManaged ? environment.MaximumMilliVcpus / 1000.0 : null,
        costs.Environments.Find(environment.Arn) is { } row ? (double)(row.Held.Total + row.Idle.Total).Usd : 0);

    private static EnvironmentMetrics Of(BatchState state, ServiceEnvironment environment) => new(
        environment.Scope, environment.Name, state.Capacity.InstancesUsed(environment.Arn, null), environment.MaximumInstances, Usd: 0);
}

/// <summary>Load of a queue.</summary>
/// <param name="Scope">Account and Region.</param>
/// <param name="Name">Name of the queue.</param>
/// <param name="Jobs">Numbers of its unfinished jobs by status.</param>
/// <param name="Shares">Its active shares; none if the queue is first in, first out.</param>
/// <param name="Quotas">Use of the limits of its quota shares; none if it has no such shares.</param>
/// <param name="Wanted">vCPUs that its RUNNABLE jobs want.</param>
/// <param name="Waits">Times for which its jobs were RUNNABLE before they were placed.</param>
public sealed record QueueMetrics(
    Scope Scope,
    string Name,
    IReadOnlyList<(JobStatus Status, int Count)> Jobs,
    IReadOnlyList<ShareLoad> Shares,
    IReadOnlyList<QuotaLoad> Quotas,
    double Wanted,
    WaitHistogram Waits)
{
    internal static QueueMetrics Of(BatchState state, JobQueue queue, DateTimeOffset now) => new(
        queue.Scope,
        queue.Name,
        [.. state.CountJobsByStatus(queue).Select((count, status) => ((JobStatus)status, count))],
        [.. state.OrderingOf(queue.Arn)?.Loads(now) ?? []],
        [.. state.OrderingOf(queue.Arn)?.QuotaLoads ?? []],
        (state.OrderingOf(queue.Arn)?.Wanted.MilliVcpus ?? 0) / 1000.0,
        state.Waits.Of(queue));
}

/// <summary>Load of an environment.</summary>
/// <param name="Scope">Account and Region.</param>
/// <param name="Name">Name of the environment.</param>
/// <param name="Held">vCPUs or instances that jobs hold.</param>
/// <param name="Maximum">Maximum of these; null if there is none.</param>
/// <param name="Usd">Estimated cost so far in dollars.</param>
public sealed record EnvironmentMetrics(Scope Scope, string Name, double Held, double? Maximum, double Usd);
