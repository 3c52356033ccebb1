using BatchEmulator.Conformance.Logs;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Logs;

namespace BatchEmulator.Server.Tests.Storage;

public sealed class SqliteLogStoreTests : LogStoreConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("logs-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override ValueTask<ILogStore> OpenAsync() =>
        new(SqliteLogStore.Open(Path.Combine(_folder, "logs.db"), TimeProvider.System.GetUtcNow()));
}
