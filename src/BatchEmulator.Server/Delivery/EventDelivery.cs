using BatchEmulator.Core.Engine;
using BatchEmulator.Server.Control;
using BatchEmulator.Server.Engine;

namespace BatchEmulator.Server.Delivery;

/// <summary>
/// Tells a target of every state change of every job: in order for a job, several jobs at once, again and again until it is received. What
/// waits is kept in memory up to a bound, and nothing here ever holds the engine up.
/// </summary>
internal sealed partial class EventDelivery(IEventTarget target, ChangeFeed feed, ILogger<EventDelivery> logger) : BackgroundService
{
    private const int Capacity = 100_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of the server waits for what is still to be delivered.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FarewellPause = TimeSpan.FromMilliseconds(20);

    private readonly DeliveryQueue _queue = new(Capacity);
    private ChangeFeed.Subscription? _subscription;
    private volatile bool _isFailing;

    public string TargetName => target.Name;

    public DeliveryCounts Counts { get; } = new();

    /// <summary>How many events are still to be delivered.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Listens before the engine runs: nothing is missed.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; Waiting > 0 && !_isFailing && waited < FarewellTime; waited += FarewellPause)
        {
            await Task.Delay(FarewellPause, CancellationToken.None);
        }

        await base.StopAsync(cancellationToken);
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
            await Task.WhenAll([ListenAsync(stoppingToken), .. Enumerable.Range(0, target.Concurrency).Select(_ => DeliverAsync(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await foreach (var turn in _subscription!.Changes.ReadAllAsync(stoppingToken))
            {
                foreach (var change in turn.Changes)
                {
                    if (change is JobSaved saved && EventWriter.IsEvent(saved))
                    {
                        Counts.AddDropped(_queue.Add(new JobEvent(saved.Value, turn.At)));
                    }
                }
            }

            // The feed cuts off who does not keep up.
            FellBehind(target.Name);
            _subscription = feed.Subscribe();
        }
    }

    private async Task DeliverAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var events = await _queue.TakeAsync(target.BatchSize, stoppingToken);
            for (var pause = FirstPause; events.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                events = await TryAsync(events, stoppingToken);
                if (events.Count > 0)
                {
                    await Task.Delay(pause, stoppingToken);
                }
            }
        }
    }

    /// <returns>Those that are to be sent again.</returns>
    private async Task<List<JobEvent>> TryAsync(List<JobEvent> events, CancellationToken stoppingToken)
    {
        var results = await SendAsync(events, stoppingToken);
        var again = new List<JobEvent>();
        foreach (var (sent, result) in events.Zip(results))
        {
            if (result == DeliveryResult.Again && !sent.IsDropped)
            {
                again.Add(sent);
                continue;
            }

            if (result == DeliveryResult.Delivered)
            {
                Counts.AddDelivered();
            }
            else if (result == DeliveryResult.Refused)
            {
                Counts.AddDropped(1);
            }

            _queue.Done(sent);
        }

        Counts.AddRetried(again.Count);
        return again;
    }

    private async Task<IReadOnlyList<DeliveryResult>> SendAsync(List<JobEvent> events, CancellationToken stoppingToken)
    {
        try
        {
            var results = await target.SendAsync(events, stoppingToken);
            Note(results.Contains(DeliveryResult.Again) ? "it asks for them again later" : null);
            return results;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            Note(exception.Message);
            return [.. events.Select(_ => DeliveryResult.Again)];
        }
    }

    /// <summary>Says once that deliveries fail, and once that they succeed again.</summary>
    private void Note(string? failure)
    {
        if (failure is not null && !_isFailing)
        {
            _isFailing = true;
            DeliveryFails(target.Name, failure);
        }
        else if (failure is null && _isFailing)
        {
            _isFailing = false;
            DeliverySucceeds(target.Name);
        }
    }
}
