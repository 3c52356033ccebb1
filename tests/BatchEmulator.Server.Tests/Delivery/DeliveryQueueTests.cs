using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Server.Delivery;

namespace BatchEmulator.Server.Tests.Delivery;

public sealed class DeliveryQueueTests
{
    [Fact]
    public async Task Next_event_of_a_job_comes_when_the_one_before_is_done()
    {
        var queue = new DeliveryQueue(capacity: 10);
        var (first, second, other) = (Event("a"), Event("a"), Event("b"));
        foreach (var added in new[] { first, second, other })
        {
            queue.Add(added).Should().Be(0);
        }

        (await queue.TakeAsync(10, default)).Should().Equal(first, other);
        queue.Done(first);

        (await queue.TakeAsync(10, default)).Should().Equal(second);
        queue.Done(second);
        queue.Done(other);
        queue.Count.Should().Be(0);
    }

    [Fact]
    public async Task Oldest_make_room_when_it_is_full()
    {
        var queue = new DeliveryQueue(capacity: 2);
        var events = new[] { Event("a"), Event("b"), Event("a"), Event("b"), Event("b") };

        events.Sum(queue.Add).Should().Be(3);

        queue.Count.Should().Be(2);
        events.Select(e => e.IsDropped).Should().Equal(true, true, true, false, false);
        (await queue.TakeAsync(10, default)).Should().Equal(events[3]);
    }

    [Fact]
    public async Task Event_that_is_dropped_while_it_is_sent_frees_its_job()
    {
        var queue = new DeliveryQueue(capacity: 1);
        var (sent, next) = (Event("a"), Event("a"));
        queue.Add(sent);
        await queue.TakeAsync(1, default);
        queue.Add(next).Should().Be(1);

        queue.Done(sent);

        (await queue.TakeAsync(1, default)).Should().Equal(next);
    }

    private static JobEvent Event(string jobId) => new(
        new Job
        {
            Id = jobId,
            Scope = new Scope("000000000000", "us-east-1"),
            Sequence = 1,
            Specification = null!,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Status = JobStatus.Runnable,
        },
        DateTimeOffset.UnixEpoch);
}
