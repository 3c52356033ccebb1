using BatchEmulator.Core.Engine;
using BatchEmulator.Server.Control;
using BatchEmulator.Server.Engine;
using BatchEmulator.Server.Outgoing;

namespace BatchEmulator.Server.Delivery;

/// <summary>
/// Tells a target of every state change of every job: in order for a job, several jobs at once, again and again until it is received. What
/// waits is kept in memory up to a bound, and nothing here ever holds the engine up.
/// </summary>
internal sealed partial class EventDelivery(IEventTarget target, ChangeFeed feed, ILogger<EventDelivery> logger) : BackgroundService
{
    private const int Capacity = 100_000;

    /// <summary>How many calls of those under way at once are for what failed before.</summary>
    private const int Retries = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How long the end of the server waits for what is still to be delivered.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly DeliveryQueue _queue = new(Capacity);
    private ChangeFeed.Subscription? _subscription;
    private volatile string _failure = "";
    private bool _isFailing;
    private bool _hasRefused;
    private bool _hasToldOfLoss;

    public string TargetName => target.Name;

    public DeliveryCounts Counts { get; } = new();

    /// <summary>How many events are still to be delivered.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Listens before the engine runs: nothing is missed.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(missed => Counts.AddDropped(EventsOf(missed).Count()));
        return base.StartAsync(cancellationToken);
    }

    /// <summary>The engine has ended: what it told last is delivered if that goes quickly.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        if (ExecuteTask is { } running && !_queue.HasReturned)
        {
            await Task.WhenAny(running, Task.Delay(FarewellTime, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
        // A host stops its services again when it is disposed.
        if (Waiting > 0 && !Interlocked.Exchange(ref _hasToldOfLoss, true))
        {
            EventsAreLost(target.Name, Waiting);
        }
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        target.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
            [
                ListenAsync(stoppingToken),
                .. Enumerable.Range(0, target.Concurrency - Retries).Select(_ => DeliverAsync(stoppingToken)),
                .. Enumerable.Range(0, Retries).Select(_ => DeliverAgainAsync(stoppingToken)),
            ]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static IEnumerable<JobEvent> EventsOf(CommittedTurn turn) =>
        turn.Changes.OfType<JobSaved>().Where(EventWriter.IsEvent).Select(saved => new JobEvent(saved.Value, turn.At));

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await foreach (var turn in _subscription!.Changes.ReadAllAsync(stoppingToken))
        {
            foreach (var happened in EventsOf(turn))
            {
                Counts.AddDropped(_queue.Add(happened));
            }
        }

        _queue.Complete();
    }

    /// <summary>One call after the other. What fails is left to others, so that an event which the target cannot take holds up nothing but its job.</summary>
    private async Task DeliverAsync(CancellationToken stoppingToken)
    {
        while (await _queue.TakeAsync(target.BatchSize, stoppingToken) is { Count: > 0 } events)
        {
            Return(await TryAsync(events, stoppingToken));
        }
    }

    /// <summary>One call after the other for what failed before. While it goes on failing it pauses, longer and longer.</summary>
    private async Task DeliverAgainAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (await _queue.TakeReturnedAsync(target.BatchSize, stoppingToken) is { Count: > 0 } events)
        {
            var again = await TryAsync(events, stoppingToken);
            if (again.Count == 0)
            {
                pause = FirstPause;
                continue;
            }

            await Task.Delay(pause, stoppingToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Return(again);
        }
    }

    /// <returns>Those that are to be sent again.</returns>
    private async Task<List<JobEvent>> TryAsync(List<JobEvent> events, CancellationToken stoppingToken)
    {
        var results = await SendAsync(events, stoppingToken);
        var again = new List<JobEvent>();
        foreach (var (sent, result) in events.Zip(results))
        {
            if (result is DeliveryResult.Again { Reason: var reason })
            {
                _failure = reason;
                Counts.AddRetried();
                again.Add(sent);
                continue;
            }

            Count(result);
            _queue.Done(sent);
        }

        Tell();
        return again;
    }

    private async Task<IReadOnlyList<DeliveryResult>> SendAsync(List<JobEvent> events, CancellationToken stoppingToken)
    {
        try
        {
            return await target.SendAsync(events, stoppingToken);
        }
        catch (Exception exception) when (OutgoingHttp.IsFailure(exception, stoppingToken))
        {
            return [.. events.Select(_ => new DeliveryResult.Again(exception.Message))];
        }
    }

    private void Count(DeliveryResult final)
    {
        if (final is not DeliveryResult.Refused { Reason: var reason })
        {
            Counts.AddDelivered();
            return;
        }

        Counts.AddDropped(1);
        if (!Interlocked.Exchange(ref _hasRefused, true))
        {
            EventIsRefused(target.Name, reason);
        }
    }

    private void Return(List<JobEvent> failed)
    {
        failed.ForEach(e => Counts.AddDropped(_queue.Return(e)));
        Tell();
    }

    /// <summary>Says once that deliveries fail, and once that they succeed again.</summary>
    private void Tell()
    {
        var isFailing = _queue.HasReturned;
        if (Interlocked.Exchange(ref _isFailing, isFailing) == isFailing)
        {
            return;
        }

        if (isFailing)
        {
            DeliveryFails(target.Name, _failure);
        }
        else
        {
            DeliverySucceeds(target.Name);
        }
    }
}
