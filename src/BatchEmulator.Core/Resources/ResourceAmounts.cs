namespace BatchEmulator.Core.Resources;

/// <summary>Amounts of a compute environment that a job needs. Integers, so that sums are exact in any order.</summary>
/// <param name="MilliVcpus">Thousandths of a vCPU.</param>
/// <param name="MemoryMiB">MiB.</param>
/// <param name="Gpus">Whole devices.</param>
public readonly record struct ResourceAmounts(long MilliVcpus, long MemoryMiB, int Gpus = 0)
{
    public static ResourceAmounts operator +(ResourceAmounts a, ResourceAmounts b) =>
        new(a.MilliVcpus + b.MilliVcpus, a.MemoryMiB + b.MemoryMiB, a.Gpus + b.Gpus);

    public static ResourceAmounts operator -(ResourceAmounts a, ResourceAmounts b) =>
        new(a.MilliVcpus - b.MilliVcpus, a.MemoryMiB - b.MemoryMiB, a.Gpus - b.Gpus);

    /// <summary>Returns true if none of the amounts is larger than its counterpart.</summary>
    public bool FitsIn(ResourceAmounts room) => MilliVcpus <= room.MilliVcpus && MemoryMiB <= room.MemoryMiB && Gpus <= room.Gpus;

    public static ResourceAmounts Add(ResourceAmounts left, ResourceAmounts right) => left + right;

    public static ResourceAmounts Subtract(ResourceAmounts left, ResourceAmounts right) => left - right;
}
