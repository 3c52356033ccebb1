using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Instances;

/// <summary>An EC2 instance type.</summary>
/// <param name="Name">A family and a size, e.g. <c>m6i.large</c>.</param>
/// <param name="Vcpus">Number of vCPUs.</param>
/// <param name="MemoryMiB">Nominal memory in MiB.</param>
/// <param name="Gpus">Number of GPUs.</param>
/// <param name="UsdPerHour">On-demand price in US dollars an hour, us-east-1, July 2026; null if the type was not on sale there.</param>
public sealed record InstanceType(string Name, int Vcpus, int MemoryMiB, int Gpus, decimal? UsdPerHour)
{
    /// <summary>
    /// Ten thousandths of the nominal memory that the kernel leaves: an m4.large of 8,192 MiB registers 7,985 MiB (User Guide, "Compute
    /// resource memory management").
    /// </summary>
    private const long MemoryLeft = 9_747;

    /// <summary>Memory in MiB that the ECS agent reserves (User Guide, "Reserving system memory").</summary>
    private const int AgentMemory = 32;

    public string Family { get; } = Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    internal bool IsMetal => Name.AsSpan(Family.Length + 1).StartsWith("metal");

    /// <summary>Amounts that jobs can have of an instance.</summary>
    public ResourceAmounts ForJobs { get; } = new(Vcpus * 1000L, (MemoryMiB * MemoryLeft / 10_000) - AgentMemory, Gpus);

    /// <summary>
    /// On-demand price of a vCPU, without the differences between the sizes of a family that come from rounding; of a type without a
    /// price, more than that of any other.
    /// </summary>
    internal decimal UsdPerVcpu { get; } = UsdPerHour is { } price ? decimal.Round(price / Vcpus, 4) : decimal.MaxValue;

    /// <summary>Returns true if an instance without jobs can hold what a container needs.</summary>
    internal bool Holds(ResourceAmounts needs) => needs.FitsIn(ForJobs);
}
