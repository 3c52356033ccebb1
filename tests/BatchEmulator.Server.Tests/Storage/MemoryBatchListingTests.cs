using BatchEmulator.Conformance.Storage;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Memory;

namespace BatchEmulator.Server.Tests.Storage;

public sealed class MemoryBatchListingTests : BatchListingConformance
{
    private readonly MemoryBatchStore _store = new("instance");

    protected override IBatchQueries Queries => _store;

    protected override IBatchStore OpenStore() => _store;
}
