using BatchEmulator.Core.Engine;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Server.Tests.Engine;

public sealed class ChangeFeedTests
{
    private static readonly IReadOnlyList<Change> Changes = [new FinishedJobsExpired(DateTimeOffset.UnixEpoch)];

    [Fact]
    public async Task Slow_watcher_is_cut_off_after_the_delivered_turns()
    {
        var feed = new ChangeFeed();
        using var subscription = feed.Subscribe();

        Publish(feed, ChangeFeed.MaximumBacklog + 10);

        var read = await subscription.ReadAllAsync().Select(turn => turn.At).ToListAsync();
        read.Should().Equal(Enumerable.Range(0, ChangeFeed.MaximumBacklog).Select(At));
    }

    [Fact]
    public async Task Watcher_that_counts_missed_changes_continues_with_the_newest()
    {
        var feed = new ChangeFeed();
        using var subscription = feed.Subscribe(turn => turn.Changes.Count * 10);

        Publish(feed, ChangeFeed.MaximumBacklog + 3);

        subscription.Dispose();
        var read = await subscription.ReadAllAsync().ToListAsync();
        read.Select(turn => turn.At).Should().Equal(Enumerable.Range(3, ChangeFeed.MaximumBacklog).Select(At));
        read[0].Missed.Should().Be(30);
        read.Skip(1).Should().OnlyContain(turn => turn.Missed == 0);
    }

    [Fact]
    public async Task Turn_larger_than_the_backlog_is_received_when_nothing_else_waits()
    {
        var feed = new ChangeFeed();
        using var subscription = feed.Subscribe();

        feed.Publish(At(0), [.. Enumerable.Repeat(Changes[0], ChangeFeed.MaximumBacklog + 1)]);

        subscription.Dispose();
        (await subscription.ReadAllAsync().ToListAsync())
            .Should().ContainSingle().Which.Changes.Should().HaveCount(ChangeFeed.MaximumBacklog + 1);
    }

    private static void Publish(ChangeFeed feed, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            feed.Publish(At(turn), Changes);
        }
    }

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}
