using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Costs;

/// <summary>Prices of capacity: those of the catalogue of instance types and of Fargate, us-east-1, without taxes.</summary>
/// <param name="spotDiscountPercent">Percentage by which Spot capacity is cheaper.</param>
internal sealed class Prices(decimal spotDiscountPercent)
{
    /// <summary>Price of a vCPU on Fargate for Linux on x86 (aws.amazon.com/fargate/pricing).</summary>
    public const decimal FargateUsdPerVcpuHour = 0.04048m;

    /// <summary>Price of a GB of memory on Fargate for Linux on x86 (aws.amazon.com/fargate/pricing).</summary>
    public const decimal FargateUsdPerGbHour = 0.004445m;

    /// <summary>A multiple of the vCPUs of every instance type, so that no price of a vCPU has to be rounded.</summary>
    public const int VcpuMultiple = 80_640;

    /// <summary>Units of cost in a dollar: thousandths of a vCPU and milliseconds of an hour, and <see cref="VcpuMultiple"/>.</summary>
    public const decimal UnitsPerUsd = VcpuMultiple * UnitsPerVcpuHour;

    private const decimal UnitsPerVcpuHour = 1000m * 3_600_000;

    private readonly decimal _spotFactor = (100 - spotDiscountPercent) / 100;

    public decimal SpotDiscountPercent { get; } = spotDiscountPercent;

    /// <summary>Returns the rate of an instance. One of a type without a price costs nothing.</summary>
    public Rate Of(InstanceType type, Purchase purchase)
    {
        var perVcpu = (type.UsdPerHour ?? 0) * (VcpuMultiple / type.Vcpus);
        return purchase == Purchase.Spot ? new(Tariff.Spot, perVcpu * _spotFactor) : new(Tariff.OnDemand, perVcpu);
    }

    /// <summary>Returns the rate of a Fargate task.</summary>
    public Rate OfFargate(Purchase purchase)
    {
        var perVcpu = FargateUsdPerVcpuHour * VcpuMultiple;
        var perMebibyte = FargateUsdPerGbHour * VcpuMultiple * 1000 / 1024;
        return purchase == Purchase.Spot
            ? new(Tariff.FargateSpot, perVcpu * _spotFactor, perMebibyte * _spotFactor)
            : new(Tariff.Fargate, perVcpu, perMebibyte);
    }
}
