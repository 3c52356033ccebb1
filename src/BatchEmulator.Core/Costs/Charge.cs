namespace BatchEmulator.Core.Costs;

/// <summary>Capacity that was paid for. Sums are exact: nothing is rounded before it is shown.</summary>
/// <param name="VcpuTime">Thousandths of a vCPU times milliseconds.</param>
/// <param name="MemoryTime">MiB times milliseconds; counted where memory has a price.</param>
/// <param name="Units">Cost in units of <see cref="Prices.UnitsPerUsd"/>.</param>
internal readonly record struct Charge(long VcpuTime, long MemoryTime, decimal Units)
{
    private const decimal MillisecondsPerHour = 3_600_000;

    public decimal VcpuHours => VcpuTime / (1000 * MillisecondsPerHour);

    public decimal GbHours => MemoryTime / (1024 * MillisecondsPerHour);

    public decimal Usd => Units / Prices.UnitsPerUsd;

    public static Charge operator +(Charge a, Charge b) => new(a.VcpuTime + b.VcpuTime, a.MemoryTime + b.MemoryTime, a.Units + b.Units);
}
