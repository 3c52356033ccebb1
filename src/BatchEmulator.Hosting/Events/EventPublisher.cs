using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// Writes each event once, and only if it is needed: for clients of the event stream, and for the targets to which jobs' events are
/// delivered.
/// </summary>
internal sealed partial class EventPublisher(
    ChangeFeed feed, IBatchQueries queries, EventHistory history, IReadOnlyList<EventDelivery> deliveries, ILogger<EventPublisher> logger)
    : BackgroundService
{
    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    private ChangeFeed.Subscription? _subscription;

    /// <summary>Subscribes before the engine runs: nothing is missed.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(CountOf);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Stops after the engine: its last turns are still published.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without the token: the enumeration ends with the subscription, and no waiting turn is left out.
        await foreach (var turn in _subscription!.ReadAllAsync(CancellationToken.None))
        {
            Miss(turn.Missed);
            try
            {
                Publish(turn);
            }
#pragma warning disable CA1031 // Events may be lost, e.g. when tags cannot be read. Nothing else may, and later events are published again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                EventsNotWritten(exception, CountOf(turn));
                Miss(CountOf(turn));
            }
        }

        foreach (var delivery in deliveries)
        {
            delivery.Complete();
        }
    }

    private static int CountOf(CommittedTurn turn) => turn.Changes.Sum(change => EventWriter.DetailTypesOf(change).Count());

    /// <summary>Reports lost events. The number that belonged to jobs is unknown; nearly all did.</summary>
    private void Miss(int count)
    {
        history.Miss(count);
        foreach (var delivery in deliveries)
        {
            delivery.Miss(count);
        }
    }

    private void Publish(CommittedTurn turn)
    {
        var events = turn.Changes
            .SelectMany(change => EventWriter.DetailTypesOf(change).Select(type => (Change: change, DetailType: type)))
            .ToList();
        if (events.Count == 0)
        {
            return;
        }

        var tags = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        EventJson Write(Change change, string type) =>
            change is JobSaved { Value: var job }
                ? EventWriter.Write(type, job, turn.At, TagsOf(job, tags))
                : EventWriter.Write(type, change, turn.At);

        var written = events.ConvertAll(
            e => (Event: e, Json: deliveries.Count > 0 && e.Change is JobSaved ? Write(e.Change, e.DetailType) : null));
        if (!history.TrySkip(written.Count))
        {
            history.Add([.. written.Select(w => (w.Json ?? Write(w.Event.Change, w.Event.DetailType)).Bytes)]);
        }

        foreach (var ((change, type), json) in written)
        {
            if (json is not null)
            {
                var happened = JobEvent.Of(((JobSaved)change).Value, type, turn.At, json);
                foreach (var delivery in deliveries)
                {
                    delivery.Add(happened);
                }
            }
        }
    }

    /// <summary>Returns the present tags of the job. Parts of jobs have no tags, and events of service jobs show none.</summary>
    private IReadOnlyDictionary<string, string> TagsOf(Job job, Dictionary<string, IReadOnlyDictionary<string, string>> known)
    {
        if (job.ParentId is not null || job.IsService)
        {
            return NoTags;
        }

        if (!known.TryGetValue(job.Id, out var tags))
        {
            known[job.Id] = tags = queries.Tags(job.Scope, job.Arn) ?? NoTags;
        }

        return tags;
    }

    [LoggerMessage(LogLevel.Error, "{Count} events could not be written and are lost.")]
    private partial void EventsNotWritten(Exception exception, int count);
}
