using BatchEmulator.Core.Engine;
using BatchEmulator.Server.Engine;

namespace BatchEmulator.Server.Tests.Engine;

public sealed class ChangeFeedTests
{
    private static readonly IReadOnlyList<Change> Changes = [new FinishedJobsExpired(DateTimeOffset.UnixEpoch)];

    [Fact]
    public async Task Watcher_that_is_too_slow_is_cut_off_after_what_it_was_told()
    {
        var feed = new ChangeFeed();
        using var subscription = feed.Subscribe();

        Publish(feed, 20_000);

        var read = await subscription.Changes.ReadAllAsync().Select(turn => turn.At).ToListAsync();
        read.Should().Equal(Enumerable.Range(0, 10_000).Select(At));
    }

    [Fact]
    public async Task Watcher_that_takes_note_of_what_it_misses_goes_on_with_the_newest()
    {
        var missed = new List<DateTimeOffset>();
        var feed = new ChangeFeed();
        using var subscription = feed.Subscribe(turn => missed.Add(turn.At));

        Publish(feed, 10_003);

        missed.Should().Equal(At(0), At(1), At(2));
        subscription.Dispose();
        var read = await subscription.Changes.ReadAllAsync().Select(turn => turn.At).ToListAsync();
        read.Should().Equal(Enumerable.Range(3, 10_000).Select(At));
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
