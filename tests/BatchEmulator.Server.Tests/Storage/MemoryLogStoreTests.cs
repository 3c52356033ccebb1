using BatchEmulator.Conformance.Logs;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Core.Storage.Logs.Memory;

namespace BatchEmulator.Server.Tests.Storage;

public sealed class MemoryLogStoreTests : LogStoreConformance
{
    protected override bool IsDurable => false;

    protected override ValueTask<ILogStore> OpenAsync() => new(new MemoryLogStore());
}
