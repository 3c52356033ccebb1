using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Logs;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class PutLogEventsTests
{
    [Fact]
    public async Task Events_are_stored_before_the_answer()
    {
        await using var host = await WithStreamAsync();

        var reply = await PutAsync(host, (NoonMs, "a"), (NoonMs, "b"), (NoonMs + 1, "c"));

        reply.Status.Should().Be(200);
        reply.Json.TryGetProperty("rejectedLogEventsInfo", out _).Should().BeFalse();
        reply.Json.GetProperty("nextSequenceToken").GetString().Should().MatchRegex("^[0-9]{56}$");
        (await host.GetAsync()).Messages.Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task Late_events_are_read_in_the_order_of_their_time()
    {
        await using var host = await WithStreamAsync();
        await PutAsync(host, (NoonMs, "later"));

        await PutAsync(host, (NoonMs - 60_000, "earlier"));

        (await host.GetAsync()).Messages.Should().Equal("earlier", "later");
    }

    [Fact]
    public async Task Events_out_of_order_are_refused()
    {
        await using var host = await WithStreamAsync();

        var reply = await PutAsync(host, (NoonMs, "a"), (NoonMs - 1, "b"));

        reply.Type.Should().Be("InvalidParameterException");
        reply.Message.Should().Be("Log events in a single PutLogEvents request must be in chronological order.");
        (await host.GetAsync()).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task A_batch_spans_a_day_at_most()
    {
        await using var host = await WithStreamAsync();
        const long Day = 24 * 60 * 60 * 1000;

        (await PutAsync(host, (NoonMs - Day, "a"), (NoonMs, "b"))).Status.Should().Be(200);
        (await PutAsync(host, (NoonMs - Day - 1, "a"), (NoonMs, "b"))).Message
            .Should().Be("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
    }

    [Fact]
    public async Task Events_too_old_or_too_new_are_left_out_and_reported()
    {
        await using var host = await WithStreamAsync();
        const long Hour = 60 * 60 * 1000;

        var old = await PutAsync(host, (NoonMs - (14 * 24 * Hour) - 5, "old"), (NoonMs - (14 * 24 * Hour) + 5, "in"));
        var future = await PutAsync(host, (NoonMs + Hour, "in"), (NoonMs + (3 * Hour), "new"));

        old.Json.GetProperty("rejectedLogEventsInfo").GetRawText().Should().Be("""{"tooOldLogEventEndIndex":1}""");
        future.Json.GetProperty("rejectedLogEventsInfo").GetRawText().Should().Be("""{"tooNewLogEventStartIndex":1}""");
        (await host.GetAsync()).Messages.Should().Equal("in", "in");
    }

    [Fact]
    public async Task Events_past_the_retention_are_left_out()
    {
        await using var host = await WithStreamAsync();
        await host.OkAsync("PutRetentionPolicy", """{"logGroupName":"/aws/batch/job","retentionInDays":1}""");

        var reply = await PutAsync(host, (NoonMs - (25 * 60 * 60 * 1000), "expired"), (NoonMs - (20 * 60 * 60 * 1000), "in"));

        reply.Json.GetProperty("rejectedLogEventsInfo").GetRawText().Should().Be("""{"expiredLogEventEndIndex":1}""");
    }

    [Fact]
    public async Task A_batch_of_a_mebibyte_is_accepted_and_one_byte_more_is_not()
    {
        await using var host = await WithStreamAsync();
        var full = new string('x', LogLimits.MaximumBatchBytes - LogEvent.OverheadBytes);

        (await PutAsync(host, (NoonMs, full))).Status.Should().Be(200);
        (await PutAsync(host, (NoonMs, full + "x"))).Message.Should().Be("Upload too large: 1048577 bytes exceeds limit of 1048576");
        (await host.GetAsync()).Messages.Should().ContainSingle(m => m == full);
    }

    [Fact]
    public async Task A_batch_has_ten_thousand_events_at_most()
    {
        await using var host = await WithStreamAsync();

        (await PutAsync(host, [.. Enumerable.Repeat((NoonMs, "x"), 10_000)])).Status.Should().Be(200);
        (await PutAsync(host, [.. Enumerable.Repeat((NoonMs, "x"), 10_001)])).Type.Should().Be("InvalidParameterException");
        (await PutAsync(host)).Type.Should().Be("InvalidParameterException");
        (await host.GetAsync()).Messages.Should().HaveCount(10_000);
    }

    [Theory]
    [InlineData("""{"logGroupName":"nope","logStreamName":"s","logEvents":[{"timestamp":1,"message":"x"}]}""", "The specified log group does not exist.")]
    [InlineData("""{"logGroupName":"/aws/batch/job","logStreamName":"nope","logEvents":[{"timestamp":1,"message":"x"}]}""", "The specified log stream does not exist.")]
    public async Task Group_and_stream_must_exist(string body, string message)
    {
        await using var host = await WithStreamAsync();

        var reply = await host.CallAsync("PutLogEvents", body);

        reply.Type.Should().Be("ResourceNotFoundException");
        reply.Message.Should().Be(message);
    }

    [Theory]
    [InlineData("""[null]""")]
    [InlineData("""[{"message":"x"}]""")]
    [InlineData("""[{"timestamp":1}]""")]
    [InlineData("""[{"timestamp":1,"message":""}]""")]
    [InlineData("""[{"timestamp":-1,"message":"x"}]""")]
    public async Task Incomplete_events_are_refused(string events)
    {
        await using var host = await WithStreamAsync();

        var reply = await host.CallAsync("PutLogEvents", $$"""{"logGroupName":"{{Group}}","logStreamName":"{{JobStream}}","logEvents":{{events}}}""");

        reply.Type.Should().Be("InvalidParameterException");
        reply.Message.Should().StartWith("1 validation error detected: Value at 'logEvents[0]");
    }

    private static async Task<LogsHost> WithStreamAsync()
    {
        var host = new LogsHost();
        await host.OkAsync("CreateLogGroup", $$"""{"logGroupName":"{{Group}}"}""");
        await host.OkAsync("CreateLogStream", $$"""{"logGroupName":"{{Group}}","logStreamName":"{{JobStream}}"}""");
        return host;
    }

    private static Task<LogsReply> PutAsync(LogsHost host, params (long At, string Message)[] events) => host.CallAsync(
        "PutLogEvents",
        $$"""
        {"logGroupName":"{{Group}}","logStreamName":"{{JobStream}}","sequenceToken":"ignored",
         "logEvents":[{{string.Join(',', events.Select(e => $$"""{"timestamp":{{e.At}},"message":{{Quoted(e.Message)}}}"""))}}]}
        """);
}
