using BatchEmulator.Core.Costs;

namespace BatchEmulator.Core.Tests.Costs;

public sealed class CostTableTests
{
    [Fact]
    public void Cheapest_rows_that_are_not_in_use_make_room_and_the_sum_stays()
    {
        var table = new CostTable<string>(4);
        foreach (var (name, units) in new[] { ("a", 4), ("b", 1), ("c", 3), ("open", 0) })
        {
            table.Get(name).Held.Add(Tariff.Spot, new(units, 0, units));
        }

        table.Get("open").Open++;
        table.Get("new").Held.Add(Tariff.Spot, new(9, 0, 9));

        table.Rows.Select(row => row.Key).Should().BeEquivalentTo("a", "open", "new");
        table.Others.Held.Total.Units.Should().Be(4);
        table.Sum().Held[Tariff.Spot].Should().Be(new Charge(17, 0, 17));
    }

    [Fact]
    public void Row_that_finds_no_room_is_that_of_the_others()
    {
        var table = new CostTable<string>(1);
        table.Get("open").Open++;

        table.Get("new").Should().BeSameAs(table.Others);
        table.Get("open").Should().NotBeSameAs(table.Others);
    }
}
