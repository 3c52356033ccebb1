using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Scheduling.Fleets;

namespace BatchEmulator.Core.Engine;

/// <summary>Load of the instances of one type in an environment.</summary>
/// <param name="Scope">Account and Region.</param>
/// <param name="Environment">Name of the environment.</param>
/// <param name="Type">Instance type.</param>
/// <param name="Purchase">How they were bought.</param>
/// <param name="Statuses">Numbers of the instances by status.</param>
/// <param name="Held">vCPUs that jobs hold.</param>
/// <param name="Idle">vCPUs that no job holds.</param>
/// <param name="Interruptions">Number of instances that were reclaimed or lost so far.</param>
public sealed record InstanceMetrics(
    Scope Scope,
    string Environment,
    string Type,
    Purchase Purchase,
    IReadOnlyList<(InstanceStatus Status, int Count)> Statuses,
    double Held,
    double Idle,
    int Interruptions)
{
    /// <summary>Returns the load of all types of which the environments have or had instances.</summary>
    internal static IReadOnlyList<InstanceMetrics> Of(
        BatchState state, IReadOnlyList<ComputeEnvironment> environments, CostLedger costs)
    {
        var known = costs.Instances.Rows.ToLookup(row => row.Key.EnvironmentArn);
        return [.. environments.SelectMany(environment =>
        {
            var instances = Existing(state, environment).ToLookup(instance => (instance.Instance.Type, instance.Instance.Purchase));
            return known[environment.Arn]
                .OrderBy(row => row.Key.Type, StringComparer.Ordinal).ThenBy(row => row.Key.Purchase)
                .Select(row => Of(environment, row, [.. instances[(row.Key.Type, row.Key.Purchase)]]));
        })];
    }

    private static IEnumerable<FleetInstance> Existing(BatchState state, ComputeEnvironment environment) =>
        state.Fleets.ByEnvironment.TryGetValue(environment.Arn, out var fleet) ? fleet.Instances : [];

    private static InstanceMetrics Of(
        ComputeEnvironment environment, CostRow<InstanceKey> row, IReadOnlyList<FleetInstance> instances)
    {
        var idle = instances.Sum(instance => instance.Room.MilliVcpus);
        return new(
            environment.Scope,
            environment.Name,
            row.Key.Type,
            row.Key.Purchase,
            [.. Enum.GetValues<InstanceStatus>().Select(status => (status, instances.Count(known => known.Instance.Status == status)))],
            (instances.Sum(instance => instance.Type.ForJobs.MilliVcpus) - idle) / 1000.0,
            idle / 1000.0,
            row.Interruptions);
    }
}
