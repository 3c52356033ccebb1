using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Allocation;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>Invariants of instances that hold after every turn.</summary>
internal sealed class InstanceLaws(Emulation emulation)
{
    private readonly BatchState _state = emulation.State;

    public void AssertAll()
    {
        if (!_state.Options.HasInstances)
        {
            Assert(_state.Of<Instance>().Count == 0, "there are instances although only vCPUs count");
            return;
        }

        var held = Held();
        foreach (var instance in _state.Of<Instance>().Values)
        {
            InstanceHoldsNoMoreThanItHas(instance, [.. held[instance.Arn]]);
        }

        foreach (var environment in _state.Of<ComputeEnvironment>().Values.Where(environment => environment.AllowedTypes is not null))
        {
            EnvironmentHasNoMoreThanItsMaximum(environment);
        }

        Assert(
            held.All(group => _state.Of<Instance>().ContainsKey(group.Key) || group.All(h => h.Job.IsMultiNode)),
            "a job runs on an instance that does not exist");
    }

    private void InstanceHoldsNoMoreThanItHas(Instance instance, IReadOnlyList<(Job Job, ResourceAmounts Amounts)> held)
    {
        var sum = held.Aggregate(default(ResourceAmounts), (total, next) => total + next.Amounts);
        var known = _state.Fleets.Of(instance.ComputeEnvironmentArn).Find(instance.Arn)!;
        Assert(sum.FitsIn(instance.Size.ForJobs), $"{instance.Name} holds more than it has");
        Assert(known.Room == instance.Size.ForJobs - sum, $"the fleet is wrong about the room of {instance.Name}");
        Assert(held.Select(h => h.Job.Id).Order(StringComparer.Ordinal).SequenceEqual(known.JobIds), $"the fleet is wrong about the jobs of {instance.Name}");
        Assert(instance.Status != InstanceStatus.Pending || held.Count == 0, $"{instance.Name} runs a job before it is ready");
        Assert(instance.Status != InstanceStatus.Draining || held.Count > 0, $"{instance.Name} drains without jobs");
        Assert(instance.EndsAt is null || instance.EndsAt > emulation.Now, $"{instance.Name} has outlived its end");
    }

    private void EnvironmentHasNoMoreThanItsMaximum(ComputeEnvironment environment)
    {
        var instances = _state.Of<Instance>().Values
            .Where(instance => instance.ComputeEnvironmentArn == environment.Arn && instance.Status != InstanceStatus.Draining).ToList();
        var vcpus = instances.Sum(instance => instance.Size.Vcpus);
        var resources = environment.Specification.ComputeResources!;
        var strategy = AllocationMap.Find(resources.AllocationStrategy);
        var exceeding = strategy.MayExceedMaximum ? instances.Select(instance => instance.Size.Vcpus).DefaultIfEmpty().Max() : 0;
        Assert(vcpus <= resources.MaxvCpus + Math.Max(0, exceeding - 1), $"{environment.Name} has {vcpus} vCPUs, more than its maximum");
        Assert(vcpus == _state.Fleets.Of(environment.Arn).Vcpus, $"the fleet of {environment.Name} counts its vCPUs wrong");
        Assert(!environment.AcceptsJobs || emulation.WakeAt <= emulation.Now || vcpus >= resources.MinvCpus, $"{environment.Name} is below its minimum");
        Assert(!environment.AcceptsJobs || resources.DesiredvCpus == vcpus, $"{environment.Name} shows {resources.DesiredvCpus} vCPUs, not {vcpus}");
    }

    /// <summary>Returns what jobs hold, by the instance: all of it for a node of a multi-node parallel job.</summary>
    private ILookup<string, (Job Job, ResourceAmounts Amounts)> Held() => _state.Jobs.Values
        .Where(job => job.Current is not null && !(job.IsNode && _state.Jobs.ContainsKey(job.ParentId!)))
        .SelectMany(job => job.Current!.InstancesHeld.Select(arn => (Arn: arn, Job: job)))
        .ToLookup(
            held => held.Arn,
            held => (held.Job, held.Job.IsMultiNode || held.Job.IsNode
                ? _state.Of<Instance>().GetValueOrDefault(held.Arn)?.Size.ForJobs ?? default
                : held.Job.Needs));

    private static void Assert(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
