using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>An EC2 instance type.</summary>
/// <param name="Name">A family and a size, e.g. <c>m6i.large</c>.</param>
/// <param name="Vcpus">Number of vCPUs.</param>
/// <param name="MemoryMiB">Nominal memory in MiB.</param>
/// <param name="Gpus">Number of GPUs.</param>
internal sealed record InstanceType(string Name, int Vcpus, int MemoryMiB, int Gpus)
{
    /// <summary>
    /// Ten thousandths of the nominal memory that the kernel leaves: an m4.large of 8,192 MiB registers 7,985 MiB (User Guide, "Compute
    /// resource memory management").
    /// </summary>
    private const long MemoryLeft = 9_747;

    /// <summary>Memory in MiB that the ECS agent reserves (User Guide, "Reserving system memory").</summary>
    private const int AgentMemory = 32;

    public string Family => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    public bool IsMetal => Name.AsSpan(Family.Length + 1).StartsWith("metal");

    /// <summary>Memory in MiB that jobs can have.</summary>
    public long JobMemoryMiB => (MemoryMiB * MemoryLeft / 10_000) - AgentMemory;

    /// <summary>Returns true if an instance without jobs can hold what a container needs.</summary>
    public bool Holds(ResourceAmounts needs) =>
        needs.MilliVcpus <= Vcpus * 1000L && needs.MemoryMiB <= JobMemoryMiB && needs.Gpus <= Gpus;
}
