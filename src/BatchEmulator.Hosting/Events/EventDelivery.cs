using BatchEmulator.Hosting.Health;
using BatchEmulator.Outgoing;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// Delivers every event of every job to a target: in order for a job, several jobs at once, repeatedly until it is received. Pending events
/// are kept in memory up to a limit, beyond which the oldest ones are lost; the engine never waits for deliveries.
/// </summary>
internal sealed partial class EventDelivery(IEventTarget target, ILogger<EventDelivery> logger) : BackgroundService
{
    /// <summary>Maximum number of pending events: two arrays of the largest size and their events.</summary>
    public const int Capacity = 100_000;

    /// <summary>
    /// Maximum size of pending JSON; an event of a plain job takes about 700 bytes, so that the number of events is reached first.
    /// </summary>
    public const int MaximumMegabytes = 96;

    /// <summary>Number of concurrent calls that are reserved for events that failed before.</summary>
    private const int Retries = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Time for which the end of the server waits for pending deliveries.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly DeliveryQueue _queue = new(Capacity, MaximumMegabytes * 1024L * 1024);
    private readonly DeliveryReport _report = new(target.Name, logger);
    private volatile PartFailure? _end;
    private bool _hasEnded;

    public string TargetName => target.Name;

    public DeliveryCounts Counts { get; } = new();

    /// <summary>Failure of the delivery; null while it works.</summary>
    public PartFailure? Failure => _end ?? _report.Failure;

    /// <summary>Number of events that are still to be delivered.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Adds an event; never waits.</summary>
    public void Add(JobEvent added) => Drop(_queue.Add(added));

    /// <summary>Counts events that were lost before they arrived here.</summary>
    public void Miss(int count) => Drop(count);

    /// <summary>Ends the input of events.</summary>
    public void Complete() => _queue.Complete();

    /// <summary>Stops after the engine: its last events are delivered if that is quick.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is { } running && !_queue.HasReturned)
        {
            await Task.WhenAny(running, Task.Delay(FarewellTime, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
        // A host stops its services again when it is disposed.
        if (!Interlocked.Exchange(ref _hasEnded, true))
        {
            _report.End(Waiting);
        }
    }

    public override void Dispose()
    {
        target.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
            [
                .. Enumerable.Range(0, target.Concurrency - Retries).Select(_ => GuardAsync(DeliverAsync(stoppingToken))),
                .. Enumerable.Range(0, Retries).Select(_ => GuardAsync(DeliverAgainAsync(stoppingToken))),
            ]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// Runs the loops. If one of them fails, the others continue; the failure appears in the log and in the server's health.
    /// </summary>
    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _end = PartFailure.Now($"The delivery of events to the {target.Name} has failed: {exception.Message}", isFatal: true);
            _report.Broke(exception);
        }
    }

    /// <summary>
    /// Makes one call after the other. Failed events are left to other calls, so that an event which the target cannot take delays only its
    /// job.
    /// </summary>
    private async Task DeliverAsync(CancellationToken stoppingToken)
    {
        while (await _queue.TakeAsync(target.BatchSize, stoppingToken) is { Count: > 0 } events)
        {
            Return(await TryAsync(events, stoppingToken));
        }
    }

    /// <summary>Makes one call after the other for events that failed before. While it keeps failing it pauses, longer each time.</summary>
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

    /// <returns>Events that must be sent again.</returns>
    private async Task<List<JobEvent>> TryAsync(List<JobEvent> events, CancellationToken stoppingToken)
    {
        var results = await SendAsync(events, stoppingToken);
        var again = new List<JobEvent>();
        foreach (var (sent, result) in events.Zip(results))
        {
            if (result is DeliveryResult.Again { Reason: var reason })
            {
                Counts.AddRetried();
                _report.Fails(reason);
                again.Add(sent);
                continue;
            }

            Count(result);
            _queue.Done(sent);
        }

        if (results.Any(r => r is DeliveryResult.Delivered) && !_queue.HasReturned)
        {
            _report.Succeeds();
        }

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
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Not a failure of the target: if sent again it would fail again, and block its job's events for ever.
            return [.. events.Select(_ => new DeliveryResult.Refused(exception.Message))];
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
        _report.Refused(reason);
    }

    private void Return(List<JobEvent> failed) => failed.ForEach(e => Drop(_queue.Return(e)));

    private void Drop(int count)
    {
        if (count > 0)
        {
            Counts.AddDropped(count);
            _report.Lost(count);
        }
    }
}
