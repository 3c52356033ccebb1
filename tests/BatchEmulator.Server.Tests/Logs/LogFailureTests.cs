using System.Diagnostics;
using System.Globalization;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Output;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

/// <summary>A log file that cannot be written for a while: another connection locks it for longer than the store waits.</summary>
public sealed class LogFailureTests : IAsyncLifetime
{
    private readonly LogsHost _host = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Lines_and_streams_of_a_short_failure_are_stored_when_it_is_over()
    {
        using (await LockAsync())
        {
            await AppendAsync(10);
            _host.Store.OpenStream(new(Here, Group, "silent"));
            (await _host.Store.TryFlushAsync()).Should().BeFalse();
            _host.Store.Failure!.Error.Should().StartWith("Log output cannot be stored: ");
            _host.Store.Failure.Since.Should().BeOnOrBefore(TimeProvider.System.GetUtcNow());
        }

        await StoringAgainAsync();
        (await _host.GetAsync()).Messages.Should().Equal(["held", .. Numbers(10)]);
        (await _host.GetAsync(stream: "silent")).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task Lines_beyond_the_room_are_lost_and_reported_in_their_stream()
    {
        const int lines = 30_000;
        using (await LockAsync())
        {
            // Never delayed, although nothing is stored.
            await AppendAsync(lines);
            _host.Store.Failure!.Error.Should().MatchRegex("[0-9]+ lines of output lost so far\\.$");
        }

        await StoringAgainAsync();
        await _host.WriteAsync(JobStream, "after");
        (await _host.Store.CountAsync(new(Here, Group, JobStream))).Should()
            .Be(lines + 2, "lost lines are passed over when output is read again");
        var all = await AllAsync();
        all[0].Should().Be("held");
        all[^1].Should().Be("after");
        var lost = all.Select(LossOf).OfType<int>().Sum();
        lost.Should().BeInRange(1, lines - OutputLimits.QueuedWrites);
        all.Where(message => LossOf(message) is null).Should().HaveCount(lines + 2 - lost).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Changing_requests_are_refused_and_reading_ones_answered()
    {
        await _host.WriteAsync(JobStream, "before");
        using (await LockAsync())
        {
            _host.Store.OpenStream(new(Here, Group, "silent"));
            var refused = await _host.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""");
            refused.Status.Should().Be(503);
            refused.Type.Should().Be("ServiceUnavailableException");
            (await _host.GetAsync()).Messages.Should().Equal("before");
        }

        await StoringAgainAsync();
        (await _host.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""")).Status.Should().Be(200);
    }

    [Fact]
    public async Task Failing_store_can_be_disposed()
    {
        using (await LockAsync())
        {
            await AppendAsync(10);

            await _host.Store.DisposeAsync().AsTask().WaitAsync(TestServer.Patience);
        }
    }

    [Fact]
    [Trait("Section", "7.4")]
    public async Task Opened_stream_is_visible_to_every_later_read()
    {
        for (var i = 0; i < 100; i++)
        {
            _host.Store.OpenStream(new(Here, Group, $"silent-{i}"));

            (await _host.GetAsync(stream: $"silent-{i}")).Messages.Should().BeEmpty();
        }

        _host.Store.OpenStream(new(Here, Group, "silent-0"));
        var page = await _host.OkAsync("DescribeLogStreams", $$"""{"logGroupName":"{{Group}}","logStreamNamePrefix":"silent-"}""");
        page.GetProperty("logStreams").EnumerateArray().Should().HaveCount(50, "that is a page");
    }

    /// <summary>Locks the file, and waits until the store has noticed.</summary>
    private async Task<WriteLock> LockAsync()
    {
        var held = new WriteLock(Path.Combine(_host.Folder, "logs.db"));
        await _host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "held");
        // After this failure, it takes no place in the queue.
        await _host.Store.Invoking(store => store.FlushAsync()).Should().ThrowAsync<StorageException>();
        return held;
    }

    private async Task AppendAsync(int count)
    {
        foreach (var line in Numbers(count))
        {
            await _host.Store.AppendAsync(new(Here, Group, JobStream), Noon, line).AsTask().WaitAsync(TestServer.Patience);
        }
    }

    private async Task StoringAgainAsync()
    {
        var waiting = Stopwatch.StartNew();
        while (_host.Store.Failure is not null)
        {
            waiting.Elapsed.Should().BeLessThan(TestServer.Patience);
            await Task.Delay(10);
        }
    }

    private async Task<IReadOnlyList<string>> AllAsync()
    {
        var all = new List<string>();
        var page = await _host.GetAsync("\"startFromHead\":true");
        while (page.Messages.Count > 0)
        {
            all.AddRange(page.Messages);
            page = await _host.GetAsync($"\"nextToken\":\"{page.Forward}\"");
        }

        return all;
    }

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(i => $"{i}");

    /// <summary>Returns the number of lines that a notice reports as lost; null if it is an ordinary line.</summary>
    private static int? LossOf(string message) =>
        message.StartsWith("[Batch Emulator] ", StringComparison.Ordinal)
            ? int.Parse(message.Split(' ')[2], CultureInfo.InvariantCulture)
            : null;
}
