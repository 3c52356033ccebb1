using BatchEmulator.Core.Engine.Tables;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>
/// Amounts that placed jobs hold of each environment. A multi-node parallel job holds them for all its nodes; after its end, its nodes that
/// still run hold their own.
/// </summary>
internal sealed class CapacityLedger(JobTable jobs, RunnableJobs runnable, CostMeter costs) : IProjection
{
    private readonly Dictionary<string, ResourceAmounts> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Environment, string? Type), long> _instances = [];

    public ResourceAmounts Used(string environmentArn) => _used.GetValueOrDefault(environmentArn);

    /// <summary>Returns the number of instances that the jobs of a service environment hold.</summary>
    /// <param name="serviceEnvironmentArn">ARN of the environment.</param>
    /// <param name="type">Instance type; null for all types together.</param>
    public long InstancesUsed(string serviceEnvironmentArn, string? type) =>
        _instances.GetValueOrDefault((serviceEnvironmentArn, type));

    public void Follow(Job? before, Job job)
    {
        if (job.IsNode && jobs.ContainsKey(job.ParentId!))
        {
            return;
        }

        var held = before?.Status.IsPlaced() == true ? before.Current : null;
        var holds = job.Status.IsPlaced() ? job.Current : null;
        if (held is not null && holds is null)
        {
            Add(held, job, -1);
        }
        else if (held is null && holds is not null)
        {
            Add(holds, job, 1);
        }

        if (job.IsMultiNode && job.Status.IsFinished())
        {
            foreach (var node in jobs.NodesOf(job).Where(node => node.Current is not null))
            {
                Add(node.Current!, node, 1);
            }
        }
    }

    public void Clear()
    {
        _used.Clear();
        _instances.Clear();
    }

    private void Add(CurrentAttempt attempt, Job job, int sign)
    {
        var environmentArn = attempt.ComputeEnvironmentArn;
        _used[environmentArn] = sign > 0 ? Used(environmentArn) + job.Needs : Used(environmentArn) - job.Needs;
        foreach (var (type, count) in job.Specification.Service?.Instances ?? [])
        {
            AddInstances(environmentArn, type, sign * count);
            AddInstances(environmentArn, type: null, sign * count);
        }

        runnable.Hold(job, sign);
        costs.Hold(job, attempt, sign);
    }

    private void AddInstances(string environmentArn, string? type, int difference) =>
        _instances[(environmentArn, type)] = InstancesUsed(environmentArn, type) + difference;
}
