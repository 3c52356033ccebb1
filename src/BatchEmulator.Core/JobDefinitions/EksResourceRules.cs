using System.Globalization;
using System.Text.RegularExpressions;
using BatchEmulator.Core.Jobs;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>The cpu, memory and nvidia.com/gpu of a container in a pod (API Reference, EksContainerResourceRequirements).</summary>
public static partial class EksResourceRules
{
    private const string Cpu = "cpu";
    private const string Memory = "memory";
    private const string Gpu = "nvidia.com/gpu";

    public static void Check(Wire.EksContainerResourceRequirements? resources)
    {
        foreach (var (name, value) in (resources?.Limits ?? None).Concat(resources?.Requests ?? None))
        {
            CheckValue(name, value);
        }

        var (limit, request) = (Value(resources?.Limits, Cpu), Value(resources?.Requests, Cpu));
        Require(
            limit is null || request is null || CpuOf(request) <= CpuOf(limit),
            "cpu request must be <= to cpu limit if both are provided.");
        var (memoryLimit, memoryRequest) = (Value(resources?.Limits, Memory), Value(resources?.Requests, Memory));
        Require(memoryLimit is null || memoryRequest is null || memoryLimit == memoryRequest, OpenTexts.PodMemoryMustBeEqual);
    }

    /// <summary>What a container needs: its request, else its limit; a container that names no cpu gets none reserved.</summary>
    public static ResourceAmounts AmountsOf(Wire.EksContainer container) => new(
        (long)((CpuOf(Amount(container, Cpu)) ?? 0) * 1000),
        MemoryOf(Amount(container, Memory)) ?? 0,
        int.TryParse(Amount(container, Gpu), NumberStyles.None, CultureInfo.InvariantCulture, out var gpus) ? gpus : 0);

    private static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    private static string? Amount(Wire.EksContainer container, string name) =>
        Value(container.Resources?.Requests, name) ?? Value(container.Resources?.Limits, name);

    private static string? Value(IReadOnlyDictionary<string, string>? values, string name) => values?.TryGetValue(name, out var value) == true ? value : null;

    private static void CheckValue(string name, string value)
    {
        var isValid = name switch
        {
            Cpu => CpuOf(value) is { } cpu && cpu > 0 && cpu % 0.25m == 0,
            Memory => MemoryOf(value) > 0,
            Gpu => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var gpus) && gpus > 0,
            _ => false,
        };
        Require(
            isValid,
            name == Gpu ? $"Value {value} for type {name} in resources is not valid." : $"Value {value} for type {name} in resources is not valid. Provide a valid number and unit.");
    }

    private static decimal? CpuOf(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpu) && cpu <= int.MaxValue ? cpu : null;

    /// <summary>In whole MiB, rounded up; AWS Batch takes the unit Mi, Kubernetes others too.</summary>
    private static long? MemoryOf(string? text)
    {
        var match = MemoryPattern().Match(text ?? "");
        if (!match.Success)
        {
            return null;
        }

        var number = long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "Ki" => (number + 1023) / 1024,
            "Gi" => number * 1024,
            "Ti" => number * 1024 * 1024,
            "Mi" => number,
            "M" => ((number * 1_000_000) + (1 << 20) - 1) >> 20,
            "G" => ((number * 1_000_000_000) + (1 << 20) - 1) >> 20,
            _ => (number + (1 << 20) - 1) >> 20,
        };
    }

    [GeneratedRegex(@"\A(?<number>[0-9]{1,9})(?<unit>Ki|Mi|Gi|Ti|M|G)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex MemoryPattern();
}
