using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>
/// The nodes of a multi-node parallel job, each of which runs a container, a task or a pod (User Guide, "Multi-node parallel jobs").
/// </summary>
/// <param name="Properties">Specification of the user.</param>
public sealed record NodesWork(Wire.NodeProperties Properties) : JobWork
{
    /// <summary>Amounts of all nodes together.</summary>
    internal override ResourceAmounts Needs =>
        Enumerable.Range(0, Properties.NumNodes!.Value).Select(i => Of(i).Needs).Aggregate((a, b) => a + b);

    internal override Wire.LogConfiguration? LogConfiguration => Main.LogConfiguration;

    /// <summary>Work of the main node, whose attempts are the job's.</summary>
    private JobWork Main => Of(Properties.MainNode!.Value);

    internal override IReadOnlyList<InstanceNeeds> OnInstances
    {
        get
        {
            var needs = new Dictionary<Wire.NodeRangeProperty, InstanceNeeds>(ReferenceEqualityComparer.Instance);
            return [.. Enumerable.Range(0, Properties.NumNodes!.Value).Select(index => Of(NodeRange.PropertiesOf(Properties, index)))];

            InstanceNeeds Of(Wire.NodeRangeProperty range) =>
                needs.TryGetValue(range, out var known) ? known : needs[range] = NeedsOf(range);
        }
    }

    /// <summary>Returns the work of a node.</summary>
    public JobWork Of(int index) => WorkKinds.Of(NodeRange.PropertiesOf(Properties, index));

    internal override IReadOnlyList<ContainerLaunch> Launch(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment) =>
        throw new InvalidOperationException("The nodes of a job are launched, not the job.");

    internal override Attempt Outcome(Job job, AttemptEnd end, Attempt attempt) =>
        throw new InvalidOperationException("The attempts of a job are those of its main node.");

    internal override Wire.JobDetail Describe(Job job, Wire.JobDetail detail)
    {
        var described = Main is PodWork pod ? pod.DescribeAttempts(job, detail) : detail;
        return described with { NodeProperties = Properties };
    }

    private static InstanceNeeds NeedsOf(Wire.NodeRangeProperty range) => new(
        WorkKinds.Of(range).Needs, range.Container?.InstanceType is { Length: > 0 } type ? [type] : range.InstanceTypes ?? []);
}
