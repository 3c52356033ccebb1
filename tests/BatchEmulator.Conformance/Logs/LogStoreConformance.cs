using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

/// <summary>
/// Behaviour that every <see cref="ILogStore"/> has. To test a store, derive a public class in a test project and override
/// <see cref="OpenAsync"/>; every test has its own instance and thereby its own store.
/// </summary>
public abstract partial class LogStoreConformance : IAsyncLifetime
{
    private static readonly Scope Here = new("123456789012", "us-east-1");
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly LogGroupKey Jobs = new(Here, "/aws/batch/job");

    /// <summary>Maximum time of any wait; far longer than needed, so that tests do not fail on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly long NoonMs = Noon.ToUnixTimeMilliseconds();

    /// <summary>The store under test.</summary>
    protected ILogStore Store { get; private set; } = null!;

    /// <summary>True if the content of a store survives its disposal.</summary>
    protected virtual bool IsDurable => true;

    /// <summary>Opens the store: an empty one at first; later, after its disposal, the same again if it is durable.</summary>
    protected abstract ValueTask<ILogStore> OpenAsync();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static LogStreamKey Stream(string name) => new(Jobs, name);

    private async Task ReopenAsync()
    {
        Assert.SkipUnless(IsDurable, "The store keeps nothing.");
        Store.Dispose();
        Store = await OpenAsync();
    }

    private void Write(Action<ILogTransaction> change) => Store.Write(Noon, change);

    /// <summary>Appends lines one second apart, from noon.</summary>
    private void Append(string stream, params string[] lines) => Write(transaction =>
    {
        for (var i = 0; i < lines.Length; i++)
        {
            transaction.AppendLine(Stream(stream), new(NoonMs + (i * 1_000), lines[i]));
        }
    });

    /// <summary>Purges until nothing remains to be purged.</summary>
    private void PurgeAll(DateTimeOffset now)
    {
        var isComplete = false;
        while (!isComplete)
        {
            Store.Write(now, transaction => isComplete = transaction.Purge(1_000));
        }
    }

    private LogGroup? FindGroup(LogGroupKey group) => Store.Read(snapshot => snapshot.FindGroup(group));

    private LogStream? FindStream(string name) => Store.Read(snapshot => snapshot.FindStream(Stream(name)));

    private IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => Store.Read(snapshot => snapshot.FindTags(group));

    private List<LogEvent> Events(string stream) => Events(stream, LogPosition.Start, LogPosition.End);

    private List<LogEvent> Events(string stream, LogPosition after, LogPosition before, bool isDescending = false) =>
        Store.Read(snapshot => snapshot.Events(Stream(stream), after, before, isDescending).ToList());

    private List<string> Messages(string stream) => [.. Events(stream).Select(item => item.Message)];

    private List<LogEvent> Scan(LogScanQuery? query = null) => Store.Read(snapshot =>
        snapshot.Scan(query ?? new LogScanQuery(Jobs, LogPosition.Start, LogPosition.End)).Select(step => step.Event).OfType<LogEvent>()
            .ToList());
}
