using BatchEmulator.Core.JobDefinitions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>Merges SubmitJob's containerOverrides into a definition's container (API Reference, ContainerOverrides).</summary>
public static class ContainerOverrides
{
    public static Wire.ContainerProperties Merge(
        Wire.ContainerProperties container, Wire.ContainerOverrides? overrides, bool isFargate, bool isAlone = true)
    {
        Require(string.IsNullOrEmpty(overrides?.InstanceType), OpenTexts.InstanceTypeOverride);
        return overrides is null ? container : Merged(container, overrides, isFargate, isAlone);
    }

    /// <summary>Merges the overrides of a node's container: the only one whose instance type can be overridden.</summary>
    public static Wire.ContainerProperties MergeOfNode(
        Wire.ContainerProperties container, Wire.ContainerOverrides? overrides) => overrides is null
        ? container
        : Merged(container, overrides, isFargate: false, isAlone: true) with
        {
            InstanceType = string.IsNullOrEmpty(overrides.InstanceType) ? container.InstanceType : overrides.InstanceType,
        };

    private static Wire.ContainerProperties Merged(
        Wire.ContainerProperties container, Wire.ContainerOverrides overrides, bool isFargate, bool isAlone)
    {
        RequireState(overrides.Command?.Contains("") != true, "Command cannot be empty");
        ContainerRules.CheckEnvironment(overrides.Environment);
        var requirements = overrides.ResourceRequirements ?? [];
        Require(requirements.DistinctBy(r => r.Type).Count() == requirements.Count, "Cannot provide duplicates in resourceRequirements.");
        ContainerResourceRules.CheckNumbers(requirements, isFargate);
        RequireState(!isFargate || overrides.Vcpus is null, FargateRules.NoVcpus);
        RequireState(!isFargate || overrides.Memory is null, FargateRules.NoMemory);
        var merged = container with
        {
            Command = overrides.Command is { Count: > 0 } command ? command : container.Command,
            Environment = MergeEnvironment(container.Environment, overrides.Environment),
            ResourceRequirements = MergeRequirements(container, requirements),
            // The deprecated members override only a definition that uses them too.
            Vcpus = Replaces(requirements, Wire.ResourceType.Vcpu) ? null
                : container.Vcpus is null ? null
                : overrides.Vcpus ?? container.Vcpus,
            Memory = Replaces(requirements, Wire.ResourceType.Memory) ? null
                : container.Memory is null ? null
                : overrides.Memory ?? container.Memory,
        };
        Bare(() =>
        {
            ContainerResourceRules.Check(merged, isFargate, isAlone);
            if (isFargate)
            {
                FargateRules.CheckGpu(merged);
            }
        });
        return merged;
    }

    /// <summary>
    /// Returns a warning about overrides in the deprecated members, which have no effect on a definition with resource requirements; null
    /// as a rule (User Guide, "Can't override job definition resource requirements").
    /// </summary>
    public static string? RemarkOn(Wire.ContainerProperties? container, Wire.ContainerOverrides? overrides) =>
        (overrides?.Vcpus is not null && container is { Vcpus: null }) || (overrides?.Memory is not null && container is { Memory: null })
            ? "This value was submitted in a deprecated key "
                + "and may conflict with the value provided by the job definition's resource requirements."
            : null;

    /// <summary>
    /// Runs a check of the merged properties. Its errors are not wrapped, unlike those of RegisterJobDefinition: AWS does so with the sizes
    /// of Fargate.
    /// </summary>
    internal static void Bare(Action check)
    {
        try
        {
            check();
        }
        catch (ClientException broken)
        {
            throw ClientException.Refused(broken.Message);
        }
    }

    private static bool Replaces(IReadOnlyList<Wire.ResourceRequirement> requirements, string type) =>
        ContainerResourceRules.ValueOf(requirements, type) is not null;

    /// <summary>Merges by name: the override wins, new ones are added.</summary>
    private static IReadOnlyList<Wire.KeyValuePair> MergeEnvironment(
        IReadOnlyList<Wire.KeyValuePair>? own, IReadOnlyList<Wire.KeyValuePair>? overriding)
    {
        if (overriding is not { Count: > 0 })
        {
            return own ?? [];
        }

        var merged = new Dictionary<string, Wire.KeyValuePair>(StringComparer.Ordinal);
        foreach (var variable in (own ?? []).Concat(overriding))
        {
            merged[variable.Name!] = variable;
        }

        return ContainerEcho.EnvironmentOf([.. merged.Values]);
    }

    /// <summary>Merges by type: the override wins, new ones are added.</summary>
    private static IReadOnlyList<Wire.ResourceRequirement> MergeRequirements(
        Wire.ContainerProperties container, IReadOnlyList<Wire.ResourceRequirement> overriding)
    {
        var own = container.ResourceRequirements ?? [];
        return overriding.Count == 0 ? own : [.. own.Where(r => !Replaces(overriding, r.Type!)), .. overriding];
    }
}
