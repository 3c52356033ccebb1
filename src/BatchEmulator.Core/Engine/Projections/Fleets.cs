using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine.Tables;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Fleets;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>
/// The instances of every environment, with what placed jobs hold of them. A multi-node parallel job holds the instances of all its nodes;
/// after its end, its nodes that still run hold their own.
/// </summary>
internal sealed class Fleets(JobTable jobs) : IProjection
{
    private readonly Dictionary<string, Fleet> _byEnvironment = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    private Dictionary<string, string> _awaited = [];

    /// <summary>Fleets by the ARN of the environment.</summary>
    public IReadOnlyDictionary<string, Fleet> ByEnvironment => _byEnvironment;

    public Fleet Of(string environmentArn)
    {
        if (!_byEnvironment.TryGetValue(environmentArn, out var fleet))
        {
            _byEnvironment[environmentArn] = fleet = new Fleet();
        }

        return fleet;
    }

    /// <summary>Returns the ARNs of the environments that have changed, or whose instances have, since the last call.</summary>
    public IReadOnlyList<string> TakeChanged()
    {
        string[] changed = [.. _changed.Order(StringComparer.Ordinal)];
        _changed.Clear();
        return changed;
    }

    /// <summary>Takes in which instances waiting jobs are going to have.</summary>
    public void Await(IReadOnlyList<Instance> instances)
    {
        var awaited = instances.ToDictionary(instance => instance.Arn, instance => instance.ComputeEnvironmentArn, StringComparer.Ordinal);
        foreach (var (arn, environment) in _awaited.Where(old => !awaited.ContainsKey(old.Key)))
        {
            Of(environment).Await(arn, isAwaited: false);
            _changed.Add(environment);
        }

        foreach (var (arn, environment) in awaited)
        {
            Of(environment).Await(arn, isAwaited: true);
        }

        _awaited = awaited;
    }

    public void Follow(Resource? before, Resource? resource)
    {
        switch (before ?? resource)
        {
            case Instance instance when resource is null:
                Of(instance.ComputeEnvironmentArn).Remove(instance.Arn);
                _changed.Add(instance.ComputeEnvironmentArn);
                break;
            case Instance:
                var changed = (Instance)resource!;
                Of(changed.ComputeEnvironmentArn).Set(changed);
                _changed.Add(changed.ComputeEnvironmentArn);
                break;
            case ComputeEnvironment environment when resource is null:
                _byEnvironment.Remove(environment.Arn);
                break;
            case ComputeEnvironment old when !old.ScalesAs((ComputeEnvironment)resource!):
                Of(old.Arn).ReconsiderIdle();
                _changed.Add(old.Arn);
                break;
        }
    }

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
            Release(held, job);
        }
        else if (held is null && holds is not null)
        {
            Hold(holds, job);
        }

        if (job.IsMultiNode && job.Status.IsFinished())
        {
            foreach (var node in jobs.NodesOf(job).Where(node => node.Current is not null))
            {
                Hold(node.Current!, node);
            }
        }
    }

    public void Clear()
    {
        _byEnvironment.Clear();
        _changed.Clear();
        _awaited.Clear();
    }

    private void Hold(CurrentAttempt attempt, Job job)
    {
        foreach (var arn in attempt.InstancesHeld)
        {
            Of(attempt.ComputeEnvironmentArn).Hold(arn, job, AmountsOf(job));
            _changed.Add(attempt.ComputeEnvironmentArn);
        }
    }

    private void Release(CurrentAttempt attempt, Job job)
    {
        foreach (var arn in attempt.InstancesHeld)
        {
            Of(attempt.ComputeEnvironmentArn).Release(arn, job, AmountsOf(job));
            _changed.Add(attempt.ComputeEnvironmentArn);
        }
    }

    /// <returns>What a job holds of an instance; null for all of it, as multi-node parallel jobs are single-tenant.</returns>
    private static ResourceAmounts? AmountsOf(Job job) => job.IsMultiNode || job.IsNode ? null : job.Needs;
}
