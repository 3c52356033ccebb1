using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>
/// Behaviour that every <see cref="IBatchStore"/> has, with the <see cref="IBatchQueries"/> that read what it commits. To test a store,
/// derive a public class in a test project and override <see cref="OpenStore"/> and <see cref="Queries"/>; every test has an instance, and
/// thereby a store, of its own. Derive from <see cref="BatchListingConformance"/> as well.
/// </summary>
public abstract partial class BatchStoreConformance : IDisposable
{
    private static readonly Scope Scope = new("123456789012", "us-east-1");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private IBatchStore? _store;

    /// <summary>Reads of the store; they are asked for once it was opened, and stay when it is opened again.</summary>
    protected abstract IBatchQueries Queries { get; }

    /// <summary>Whether a store that is opened again holds what it held when it was disposed.</summary>
    protected virtual bool IsDurable => true;

    private IBatchStore Store => _store ??= OpenStore();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store: an empty one at first, and later, after it was disposed, the same again if it is durable.</summary>
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
