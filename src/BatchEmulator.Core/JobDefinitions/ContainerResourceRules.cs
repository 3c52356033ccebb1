using System.Globalization;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// The vCPUs, memory and GPUs of a container: by the deprecated members, or by resourceRequirements (API Reference, ResourceRequirement).
/// </summary>
internal static class ContainerResourceRules
{
    private const int MinimumMemoryMiB = 4;

    public static void Check(Wire.ContainerProperties container, bool isFargate, bool isAlone = true)
    {
        var requirements = container.ResourceRequirements ?? [];
        Require(requirements.DistinctBy(r => r.Type).Count() == requirements.Count, "Cannot provide duplicates in resourceRequirements.");
        Require(
            container.Vcpus is null || ValueOf(requirements, Wire.ResourceType.Vcpu) is null,
            "Cannot use both ECS containerProperties vcpus and resourceRequirement VCPU.");
        Require(
            container.Memory is null || ValueOf(requirements, Wire.ResourceType.Memory) is null,
            "Cannot use both ECS containerProperties memory and resourceRequirement MEMORY.");
        CheckNumbers(requirements, isFargate);
        var vcpus = Vcpus(container);
        var memory = Memory(container);
        Require(vcpus is not null, "vCPU is required.");
        Require(memory is not null, "Memory is required.");
        if (isFargate && isAlone)
        {
            FargateRules.CheckSize(vcpus!.Value, memory!.Value);
        }
        else if (!isFargate)
        {
            Require(vcpus >= 1, $"vCPU must be at least 1, got {vcpus}.");
            Require(memory >= MinimumMemoryMiB, $"Memory must be at least 4 Mib, got {memory} Mib.");
        }
    }

    /// <summary>Checks that requirements are numbers; fractions of a vCPU exist on Fargate only.</summary>
    public static void CheckNumbers(IReadOnlyList<Wire.ResourceRequirement> requirements, bool isFargate)
    {
        foreach (var requirement in requirements)
        {
            var value = requirement.Value!;
            var isNumber = isFargate && requirement.Type == Wire.ResourceType.Vcpu
                ? ParseVcpus(value) is not null
                : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            Require(
                isNumber,
                $"Value {value} for type {requirement.Type} in resourceRequirement is not valid. Please provide a numeric value.");
        }
    }

    public static decimal? Vcpus(Wire.ContainerProperties container) =>
        ValueOf(container.ResourceRequirements ?? [], Wire.ResourceType.Vcpu) is { } text ? ParseVcpus(text) : container.Vcpus;

    public static int? Memory(Wire.ContainerProperties container) =>
        ValueOf(container.ResourceRequirements ?? [], Wire.ResourceType.Memory) is { } text ? ParseWhole(text) : container.Memory;

    /// <summary>Returns the amounts of a container that has passed the rules.</summary>
    public static ResourceAmounts AmountsOf(Wire.ContainerProperties container) => new(
        (long)((Vcpus(container) ?? 0) * 1000),
        Memory(container) ?? 0,
        ValueOf(container.ResourceRequirements ?? [], Wire.ResourceType.Gpu) is { } gpus ? ParseWhole(gpus) ?? 0 : 0);

    internal static string? ValueOf(IReadOnlyList<Wire.ResourceRequirement> requirements, string type)
    {
        foreach (var requirement in requirements)
        {
            if (requirement.Type == type)
            {
                return requirement.Value;
            }
        }

        return null;
    }

    private static int? ParseWhole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static decimal? ParseVcpus(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= int.MaxValue
            ? value
            : null;
}
