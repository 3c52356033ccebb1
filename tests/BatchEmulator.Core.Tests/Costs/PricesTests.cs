using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Tests.Costs;

public sealed class PricesTests
{
    private const long Hour = 3_600_000;

    [Fact]
    public void Hour_of_every_instance_type_costs_exactly_its_price()
    {
        var prices = new Prices(65);
        var types = InstanceTypes.Known.SelectMany(name => InstanceCatalog.Resolve([name])).Distinct().ToList();

        types.Should().HaveCountGreaterThan(1_000);
        types.Should().OnlyContain(type => Prices.VcpuMultiple % type.Vcpus == 0);
        types.Should().OnlyContain(type =>
            prices.Of(type, Purchase.OnDemand).For(type.Vcpus * 1000L, 0, Hour).Usd == (type.UsdPerHour ?? 0));
    }

    [Fact]
    public void Hour_of_fargate_costs_its_price()
    {
        var rate = new Prices(70).OfFargate(Purchase.OnDemand);

        rate.For(1000, 0, Hour).Usd.Should().Be(Prices.FargateUsdPerVcpuHour);
        rate.For(0, 1024, Hour).Usd.Should().Be(Prices.FargateUsdPerGbHour);
        new Prices(70).OfFargate(Purchase.Spot).For(1000, 1024, Hour).Usd.Should().Be(0.3m * 0.044925m);
    }
}
