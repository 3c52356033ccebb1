using BatchEmulator.Storage.LiteDb.Batch;

namespace BatchEmulator.Storage.LiteDb.Tests.Batch;

public sealed class PlaceTableTests
{
    [Fact]
    public void Table_finds_entries_that_were_added_and_not_removed()
    {
        var random = new Random(20_261_125);
        var (table, model) = (new PlaceTable(), new Dictionary<ulong, HashSet<long>>());
        for (var i = 1; i <= 200_000; i++)
        {
            // Few enough hashes that some places share one.
            var hash = JobDirectory.HashOf($"{random.Next(60_000)}");
            var places = model.TryGetValue(hash, out var known) ? known : model[hash] = [];
            if (places.Count > 0 && random.Next(3) > 0)
            {
                var gone = places.First();
                places.Remove(gone);
                table.Remove(hash, gone);
            }
            else
            {
                places.Add(i);
                table.Add(hash, i);
                table.Add(hash, i);
            }
        }

        var found = model.Keys.ToDictionary(hash => hash, hash => table.Find(hash));
        found.Should().OnlyContain(entry => model[entry.Key].IsSubsetOf(entry.Value));
        found.Values.Sum(places => places.Count).Should().BeLessThan(model.Values.Sum(places => places.Count) + 200, "others come rarely");
        model.Values.Sum(places => places.Count).Should().BeGreaterThan(10_000);

        table.Clear();
        table.Find(model.Keys.First()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("", 0xefd01f60ba992926)]
    [InlineData("00000000-0000-4000-8000-000000000000", 0xb95b8af56156a6)]
    public void Hashes_stay_the_same_since_they_are_stored(string id, ulong hash)
    {
        JobDirectory.HashOf(id).Should().Be(hash);
    }
}
