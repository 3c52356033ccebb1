using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Scheduling;

/// <summary>Holdings of all jobs, including those that the pass has placed so far.</summary>
internal sealed class TentativeHoldings(SchedulingSnapshot snapshot)
{
    private readonly Dictionary<string, ResourceAmounts> _amounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Environment, string? Type), long> _instances = [];
    private readonly Dictionary<string, long> _units = new(StringComparer.Ordinal);

    public ResourceAmounts Used(string environmentArn) => snapshot.Used(environmentArn) + _amounts.GetValueOrDefault(environmentArn);

    public long InstancesUsed(string environmentArn, string? type) =>
        snapshot.InstancesUsed(environmentArn, type) + _instances.GetValueOrDefault((environmentArn, type));

    /// <summary>Returns true if the units of consumable resources that a job needs are available.</summary>
    public bool HasUnits(Job job) => job.Specification.Units is not { } needed
        || needed.All(units => snapshot.ConsumableResources.TryGetValue(units.Resource, out var resource)
            && units.Quantity <= resource.Available - _units.GetValueOrDefault(units.Resource));

    public void Place(Job job, string environmentArn)
    {
        _amounts[environmentArn] = _amounts.GetValueOrDefault(environmentArn) + job.Needs;
        foreach (var (type, count) in job.Specification.Service?.Instances ?? [])
        {
            AddInstances(environmentArn, type, count);
            AddInstances(environmentArn, type: null, count);
        }

        foreach (var (resource, quantity) in job.Specification.Units ?? [])
        {
            _units[resource] = _units.GetValueOrDefault(resource) + quantity;
        }
    }

    private void AddInstances(string environmentArn, string? type, int count) =>
        _instances[(environmentArn, type)] = _instances.GetValueOrDefault((environmentArn, type)) + count;
}
