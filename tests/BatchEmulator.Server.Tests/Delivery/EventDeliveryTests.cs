using System.Collections.Concurrent;
using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Events;
using Microsoft.Extensions.Logging;

namespace BatchEmulator.Server.Tests.Delivery;

public sealed class EventDeliveryTests
{
    /// <summary>More than are under way at once, which need no room.</summary>
    private const int Surplus = 1_000;

    private readonly Target _target = new();
    private readonly Log _log = new();

    [Fact]
    public async Task Number_of_lost_events_is_logged_once_deliveries_succeed()
    {
        using var delivery = new EventDelivery(_target, _log);
        await delivery.StartAsync(default);
        Add(delivery, 1);
        await _log.UntilAsync(line => line.StartsWith("Events cannot be delivered to the target", StringComparison.Ordinal));

        Add(delivery, EventDelivery.Capacity + Surplus);
        await _log.UntilAsync(line => line.StartsWith("Too many", StringComparison.Ordinal));
        // The returned events are the oldest: they are among those that must make room.
        await _target.RefusesAgainAsync();

        _log.Lines.Should().HaveCount(2);
        _log.Lines.Last().Should().Be("Too many events wait for the target (100000, or 96 MiB): the oldest are dropped and lost.");
        var lost = delivery.Counts.Dropped;
        lost.Should().BeInRange(1, EventDelivery.Capacity);

        _target.IsUp = true;
        var recovered = await _log.UntilAsync(line => line.StartsWith("Deliveries", StringComparison.Ordinal));

        recovered.Should().MatchRegex(@"^Deliveries to the target succeed again\. Events lost in between: \d+\.$");
        int.Parse(recovered.Split(' ')[^1].TrimEnd('.'), CultureInfo.InvariantCulture).Should().BeGreaterThanOrEqualTo((int)lost);
        delivery.Complete();
        await delivery.ExecuteTask!;
        (delivery.Counts.Delivered + delivery.Counts.Dropped).Should().Be(EventDelivery.Capacity + Surplus + 1);
        await delivery.StopAsync(default);
        _log.Lines.Should().HaveCount(3, "all that was lost is said");
    }

    [Fact]
    public async Task Dropped_and_waiting_events_are_logged_at_the_end_of_the_server()
    {
        using var delivery = new EventDelivery(_target, _log);
        delivery.Miss(7);
        Add(delivery, 3);
        await delivery.StartAsync(default);
        await _log.UntilAsync(line => line.StartsWith("Events cannot be delivered", StringComparison.Ordinal));

        await delivery.StopAsync(default);

        _log.Lines.Last().Should().Be("Events that were not delivered to the target and are lost: 10.");
        delivery.Counts.Dropped.Should().Be(7);
    }

    private static void Add(EventDelivery delivery, int count)
    {
        for (var index = 0; index < count; index++)
        {
            delivery.Add(new JobEvent(
                Guid.NewGuid().ToString(), new Scope("000000000000", "us-east-1"), "Batch Job State Change", [], DateTimeOffset.UnixEpoch,
                new EventJson("{}"u8.ToArray(), 0)));
        }
    }

    private sealed class Target : IEventTarget
    {
        private readonly SemaphoreSlim _refused = new(0);

        public string Name => "target";

        public int BatchSize => 100;

        public int Concurrency => 4;

        public volatile bool IsUp;

        public async Task<IReadOnlyList<DeliveryResult>> SendAsync(IReadOnlyList<JobEvent> events, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (!IsUp)
            {
                _refused.Release();
            }

            return [.. events.Select(_ => IsUp ? (DeliveryResult)new DeliveryResult.Delivered() : new DeliveryResult.Again("it is down"))];
        }

        /// <summary>Waits for several further refusals.</summary>
        public async Task RefusesAgainAsync()
        {
            while (await _refused.WaitAsync(0))
            {
            }

            for (var refusals = 0; refusals < 8; refusals++)
            {
                (await _refused.WaitAsync(TestServer.Patience)).Should().BeTrue();
            }
        }

        public void Dispose() => _refused.Dispose();
    }

    private sealed class Log : ILogger<EventDelivery>
    {
        private readonly SemaphoreSlim _written = new(0);

        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue(formatter(state, exception));
            _written.Release();
        }

        public async Task<string> UntilAsync(Func<string, bool> isExpected)
        {
            while (!Lines.Any(isExpected))
            {
                (await _written.WaitAsync(TestServer.Patience)).Should().BeTrue("{0} does not come", string.Join('\n', Lines));
            }

            return Lines.First(isExpected);
        }
    }
}
