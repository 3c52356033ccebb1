namespace BatchEmulator.Core.Costs;

/// <summary>Price of a millisecond, in units of <see cref="Prices.UnitsPerUsd"/>, which are so small that no price is rounded.</summary>
/// <param name="Tariff">The tariff.</param>
/// <param name="PerMilliVcpu">Price of a thousandth of a vCPU.</param>
/// <param name="PerMebibyte">Price of a MiB of memory.</param>
internal readonly record struct Rate(Tariff Tariff, decimal PerMilliVcpu, decimal PerMebibyte = 0)
{
    /// <summary>Capacity without a price.</summary>
    public static readonly Rate None = new(Tariff.WithoutPrice, 0);

    /// <summary>Returns the charge for amounts that are held for a time.</summary>
    /// <param name="milliVcpus">Thousandths of a vCPU.</param>
    /// <param name="mebibytes">Memory in MiB; counts only if it has a price.</param>
    /// <param name="milliseconds">The time.</param>
    public Charge For(long milliVcpus, long mebibytes, long milliseconds)
    {
        var (vcpuTime, memoryTime) = (milliVcpus * milliseconds, PerMebibyte == 0 ? 0 : mebibytes * milliseconds);
        return new(vcpuTime, memoryTime, (PerMilliVcpu * vcpuTime) + (PerMebibyte * memoryTime));
    }
}
