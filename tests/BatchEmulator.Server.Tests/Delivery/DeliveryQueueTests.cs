using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Events;

namespace BatchEmulator.Server.Tests.Delivery;

public sealed class DeliveryQueueTests
{
    private const long Plenty = long.MaxValue;

    [Fact]
    public async Task Next_event_of_a_job_is_handed_out_when_the_one_before_is_done()
    {
        var queue = new DeliveryQueue(capacity: 10, Plenty);
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
    public async Task Oldest_events_make_room_when_the_queue_is_full()
    {
        var queue = new DeliveryQueue(capacity: 2, Plenty);
        var events = new[] { Event("a"), Event("b"), Event("a"), Event("b"), Event("b") };

        events.Sum(queue.Add).Should().Be(3);

        queue.Count.Should().Be(2);
        (await queue.TakeAsync(10, default)).Should().Equal(events[3]);
        queue.Done(events[3]);
        (await queue.TakeAsync(10, default)).Should().Equal(events[4]);
    }

    [Fact]
    public async Task Event_that_is_handed_out_makes_no_room_until_it_is_returned()
    {
        var queue = new DeliveryQueue(capacity: 1, Plenty);
        var (sent, next) = (Event("a"), Event("a"));
        queue.Add(sent);
        await queue.TakeAsync(1, default);
        queue.Add(next).Should().Be(0);
        queue.Count.Should().Be(2);

        queue.Return(sent).Should().Be(1);

        queue.HasReturned.Should().BeFalse();
        (await queue.TakeAsync(1, default)).Should().Equal(next);
        queue.Done(next);
        queue.Count.Should().Be(0);
    }

    [Fact]
    public async Task Returned_event_is_handed_out_separately_and_before_the_next_of_its_job()
    {
        var queue = new DeliveryQueue(capacity: 10, Plenty);
        var (first, second, other) = (Event("a"), Event("a"), Event("b"));
        queue.Add(first);
        queue.Add(second);
        queue.Add(other);
        await queue.TakeAsync(1, default);

        queue.Return(first).Should().Be(0);

        queue.HasReturned.Should().BeTrue();
        (await queue.TakeAsync(10, default)).Should().Equal(other);
        (await queue.TakeReturnedAsync(10, default)).Should().Equal(first);
        queue.HasReturned.Should().BeTrue("it may come back once more");
        queue.Done(first);
        queue.HasReturned.Should().BeFalse();
        (await queue.TakeAsync(10, default)).Should().Equal(second);
    }

    [Fact]
    public async Task Wait_ends_when_the_queue_is_complete_and_all_are_done()
    {
        var queue = new DeliveryQueue(capacity: 10, Plenty);
        var last = Event("a");
        queue.Add(last);
        queue.Complete();
        (await queue.TakeAsync(1, default)).Should().Equal(last);
        var end = queue.TakeAsync(1, default);
        end.IsCompleted.Should().BeFalse("the last may be returned");

        queue.Done(last);

        (await end).Should().BeEmpty();
    }

    [Fact]
    public async Task Oldest_events_make_room_when_there_are_too_many_bytes()
    {
        var queue = new DeliveryQueue(capacity: 10, maximumBytes: 1_000);
        var events = new[] { Event("a", 300), Event("b", 300), Event("c", 300), Event("d", 500) };

        events.Sum(queue.Add).Should().Be(2);

        (await queue.TakeAsync(10, default)).Should().Equal(events[2], events[3]);
        queue.Done(events[3]);
        queue.Add(Event("d", 800)).Should().Be(0, "those that are given out do not wait");
        queue.Return(events[2]).Should().Be(1);
        queue.Count.Should().Be(1);
    }

    private static JobEvent Event(string jobId, int bytes = 1) =>
        new(
            jobId, new Scope("000000000000", "us-east-1"), "Batch Job State Change", [], DateTimeOffset.UnixEpoch,
            new EventJson(new byte[bytes], 0));
}
