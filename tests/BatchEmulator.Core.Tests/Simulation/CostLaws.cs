using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>Invariants of costs that hold after every turn.</summary>
internal sealed class CostLaws(Emulation emulation)
{
    private readonly CostLedger _ledger = emulation.State.Costs.Settled();

    public void AssertAll()
    {
        foreach (var row in _ledger.Instances.Rows)
        {
            InstancesCostWhatJobsPayAndWhatIsIdle(row);
        }

        var environments = _ledger.Environments.Sum();
        var instances = _ledger.Instances.Sum();
        Assert(environments.Idle.Total == instances.Idle.Total, "environments and instances differ in what is idle");
        Assert(environments.InstanceTime == instances.InstanceTime, "environments and instances differ in instance hours");
        foreach (var tariff in new[] { Tariff.OnDemand, Tariff.Spot })
        {
            Assert(environments.Held[tariff] == instances.Held[tariff], $"environments and instances differ in what jobs held: {tariff}");
        }

        foreach (var tariff in Enum.GetValues<Tariff>())
        {
            var held = environments.Held[tariff];
            Assert(_ledger.Jobs.Sum().Held[tariff] == held, $"jobs and environments differ: {tariff}");
            Assert(_ledger.Queues.Sum().Held[tariff] == held, $"queues and environments differ: {tariff}");
            Assert(_ledger.Definitions.Sum().Held[tariff] == held, $"job definitions and environments differ: {tariff}");
        }

        Assert(
            _ledger.Instances.Rows.Sum(row => row.Open) >= emulation.State.Of<Instance>().Count, "an instance is not charged to any row");
    }

    /// <summary>Dollars of instances are exactly the sum over jobs and what is idle: nothing is rounded.</summary>
    private void InstancesCostWhatJobsPayAndWhatIsIdle(CostRow<InstanceKey> row)
    {
        var type = InstanceCatalog.Find(row.Key.Type)!;
        var rate = _ledger.Prices.Of(type, row.Key.Purchase);
        var expected = rate.For(type.Vcpus * 1000L, 0, row.InstanceTime);
        Assert(row.Held[rate.Tariff] == row.Held.Total && row.Idle[rate.Tariff] == row.Idle.Total, $"{row.Key} has the wrong tariff");
        Assert(row.Held.Total + row.Idle.Total == expected, $"{row.Key} costs {row.Held.Total} and {row.Idle.Total}, not {expected}");
        Assert(row.Idle.Total.VcpuTime >= 0, $"{row.Key} is less than idle");
    }

    private static void Assert(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
