using BatchEmulator.Conformance.Storage;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Storage.LiteDb.Tests.Batch;

public sealed class LiteDbBatchListingTests : BatchListingConformance
{
    private readonly BatchDatabase _database = new();

    protected override IBatchQueries Queries => _database.Queries;

    protected override IBatchStore OpenStore() => _database.OpenStore();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _database.Dispose();
    }
}
