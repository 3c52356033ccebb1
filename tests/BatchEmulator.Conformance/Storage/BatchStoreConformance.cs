using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>
/// Behaviour that every <see cref="IBatchStore"/> has, with the <see cref="IBatchQueries"/> that read its commits. To test a store, derive
/// a public class in a test project and override <see cref="OpenStore"/> and <see cref="Queries"/>; every test has its own instance and
/// thereby its own store. Derive from <see cref="BatchListingConformance"/> as well.
/// </summary>
public abstract partial class BatchStoreConformance : IDisposable
{
    private static readonly Scope Scope = new("123456789012", "us-east-1");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private IBatchStore? _store;

    /// <summary>Queries of the store; available once it has been opened, and the same after it is opened again.</summary>
    protected abstract IBatchQueries Queries { get; }

    /// <summary>True if the content of a store survives its disposal.</summary>
    protected virtual bool IsDurable => true;

    private IBatchStore Store => _store ??= OpenStore();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store: an empty one at first; later, after its disposal, the same again if it is durable.</summary>
    protected abstract IBatchStore OpenStore();

    /// <summary>Disposes the store. Override it to dispose the reads and to remove files.</summary>
    protected virtual void Dispose(bool disposing) => _store?.Dispose();

    private List<Job> LoadedJobs() => [.. Store.Load().Changes.OfType<JobSaved>().Select(c => c.Value)];

    private IEnumerable<int> Revisions(JobDefinitionQuery query) => Queries.JobDefinitions(query).Select(d => d.Value.Revision);

    private void Reopen()
    {
        if (IsDurable)
        {
            _store!.Dispose();
            _store = null;
        }
    }
}
