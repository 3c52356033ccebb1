using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Limit on concurrent reads, and fate of the waiting ones.</summary>
public sealed class ReadLaneTests
{
    private readonly ManualResetEventSlim _release = new();

    [Fact]
    public async Task Reads_beyond_the_threads_wait()
    {
        using var lane = new ReadLane(2);
        var running = new[] { await OccupyAsync(lane), await OccupyAsync(lane) };

        var waiting = lane.RunAsync(() => 2, CancellationToken.None);

        lane.Length.Should().Be(1);
        waiting.IsCompleted.Should().BeFalse();
        _release.Set();
        (await waiting).Should().Be(2);
        (await Task.WhenAll(running)).Should().Equal(1, 1);
    }

    [Fact]
    public async Task Reads_run_in_the_order_of_arrival()
    {
        using var lane = new ReadLane(1);
        var running = await OccupyAsync(lane);
        var order = new List<int>();
        int Note(int number)
        {
            order.Add(number);
            return number;
        }

        var waiting = Enumerable.Range(0, 5).Select(i => lane.RunAsync(() => Note(i), CancellationToken.None)).ToList();
        _release.Set();

        await Task.WhenAll([running, .. waiting]);
        order.Should().Equal(0, 1, 2, 3, 4);
    }

    [Fact]
    public async Task Caller_that_gives_up_gives_up_its_place()
    {
        using var lane = new ReadLane(1);
        var running = await OccupyAsync(lane);
        using var gone = new CancellationTokenSource();
        var abandoned = lane.RunAsync<int>(() => throw new InvalidOperationException("Nobody waits for it."), gone.Token);
        var next = lane.RunAsync(() => 7, CancellationToken.None);

        await gone.CancelAsync();

        await abandoned.Invoking(t => t).Should().ThrowAsync<OperationCanceledException>();
        lane.Length.Should().Be(1);
        _release.Set();
        (await next).Should().Be(7);
        (await running).Should().Be(1);
    }

    [Fact]
    public async Task Read_that_fails_fails_its_caller_only()
    {
        using var lane = new ReadLane(1);

        await lane.Invoking(l => l.RunAsync<int>(() => throw new InvalidDataException("x"), CancellationToken.None))
            .Should().ThrowAsync<InvalidDataException>();

        (await lane.RunAsync(() => 2, CancellationToken.None)).Should().Be(2);
    }

    [Fact]
    public async Task Closed_lane_finishes_running_reads_and_cancels_waiting_ones()
    {
        var lane = new ReadLane(1);
        var running = await OccupyAsync(lane);
        var waiting = lane.RunAsync(() => 2, CancellationToken.None);

        var closing = Task.Run(lane.Dispose);
        await waiting.Invoking(t => t).Should().ThrowAsync<OperationCanceledException>();
        _release.Set();
        await closing;

        (await running).Should().Be(1);
        await lane.Invoking(l => l.RunAsync(() => 3, CancellationToken.None)).Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>A read that blocks until it is released.</summary>
    private async Task<Task<int>> OccupyAsync(ReadLane lane)
    {
        var started = new TaskCompletionSource();
        var read = lane.RunAsync(
            () =>
            {
                started.SetResult();
                _release.Wait();
                return 1;
            },
            CancellationToken.None);
        await started.Task;
        return read;
    }
}
