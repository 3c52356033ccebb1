using System.Globalization;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>The cpu, memory and nvidia.com/gpu of a container in a pod (API Reference, EksContainerResourceRequirements).</summary>
internal static class EksResourceRules
{
    private const string Cpu = "cpu";
    private const string Memory = "memory";
    private const string Gpu = "nvidia.com/gpu";

    public static void Check(Wire.EksContainerResourceRequirements? resources)
    {
        Require(
            resources?.Limits is { Count: > 0 } || resources?.Requests is { Count: > 0 },
            "You must provide a container for eksProperties.");
        foreach (var (name, value) in (resources?.Limits ?? None).Concat(resources?.Requests ?? None))
        {
            CheckValue(name, value);
        }

        var (limit, request) = (Value(resources?.Limits, Cpu), Value(resources?.Requests, Cpu));
        Require(
            limit is null || request is null || CpuOf(request) <= CpuOf(limit),
            "cpu request must be <= to cpu limit if both are provided.");
        var (memoryLimit, memoryRequest) = (Value(resources?.Limits, Memory), Value(resources?.Requests, Memory));
        Require(
            memoryLimit is null || memoryRequest is null || MemoryOf(memoryLimit) == MemoryOf(memoryRequest),
            "memory request must be equal to memory limit if both are provided.");
        var (gpuLimit, gpuRequest) = (Value(resources?.Limits, Gpu), Value(resources?.Requests, Gpu));
        Require(
            gpuLimit is null || gpuRequest is null || gpuLimit == gpuRequest,
            "gpu request must be equal to gpu limit if both are provided.");
        Require((limit ?? request) is not null && (memoryLimit ?? memoryRequest) is not null, "cpu and memory resources must be provided.");
    }

    /// <summary>Returns the amounts that a container needs: its request, else its limit.</summary>
    public static ResourceAmounts AmountsOf(Wire.EksContainer container) => new(
        (long)((CpuOf(Amount(container, Cpu)) ?? 0) * 1000),
        MemoryOf(Amount(container, Memory)) ?? 0,
        int.TryParse(Amount(container, Gpu), NumberStyles.None, CultureInfo.InvariantCulture, out var gpus) ? gpus : 0);

    private static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    private static string? Amount(Wire.EksContainer container, string name) =>
        Value(container.Resources?.Requests, name) ?? Value(container.Resources?.Limits, name);

    private static string? Value(IReadOnlyDictionary<string, string>? values, string name) =>
        values?.TryGetValue(name, out var value) == true ? value : null;

    private static void CheckValue(string name, string value)
    {
        switch (name)
        {
            case Cpu:
                Require(
                    CpuOf(value) is { } cpu && cpu > 0 && cpu % 0.25m == 0,
                    $"Value {value} for type cpu in resources is not valid. Provide a valid number and unit.");
                break;
            case Memory:
                Require(MemoryOf(value) > 0, $"Value {value} for type memory is not valid.");
                break;
            case Gpu:
                Require(
                    int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var gpus) && gpus > 0,
                    $"Value {value} for type nvidia.com/gpu in resources is not valid.");
                break;
            default:
                throw ClientException.Invalid($"{name} is not a supported type for resources.");
        }
    }

    private static decimal? CpuOf(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpu) && cpu <= int.MaxValue
            ? cpu
            : null;

    /// <summary>Returns MiB from a text with the unit Mi: Kubernetes has others, but AWS Batch accepts none of them.</summary>
    private static int? MemoryOf(string? text) =>
        text?.EndsWith("Mi", StringComparison.Ordinal) == true
        && int.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes)
            ? mebibytes
            : null;
}
