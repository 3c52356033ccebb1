using BatchEmulator.Hosting.Logs;
using BatchEmulator.Storage.Sqlite.Logs;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class FilterLogEventsTests
{
    private const int MaximumMerged = LogScan.MaximumMerged;

    [Fact]
    public async Task Streams_are_interleaved_by_time()
    {
        await using var host = new LogsHost();
        await host.WriteAsync("a", "a0", "a1", "a2");
        await host.WriteAsync("b", "b0", "b1", "b2");

        (await host.FilterAsync()).Messages.Should().Equal("a0", "b0", "a1", "b1", "a2", "b2");
        (await host.FilterAsync("\"logStreamNames\":[\"b\",\"a\"]")).Messages.Should().Equal("a0", "b0", "a1", "b1", "a2", "b2");
        (await host.FilterAsync("\"logStreamNames\":[\"b\"]")).Messages.Should().Equal("b0", "b1", "b2");
    }

    [Fact]
    public async Task A_prefix_selects_streams()
    {
        await using var host = new LogsHost();
        await host.WriteAsync("job/1", "1");
        await host.WriteAsync("job/2", "2");
        await host.WriteAsync("jobs", "3");

        (await host.FilterAsync("\"logStreamNamePrefix\":\"job/\"")).Messages.Should().Equal("1", "2");
        (await host.FilterAsync("\"logStreamNamePrefix\":\"x\"")).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task A_prefix_of_very_many_streams_is_served()
    {
        await using var host = new LogsHost();
        for (var i = 0; i < MaximumMerged + 20; i++)
        {
            await host.Store.AppendAsync(new(Here, Group, $"job/{i:D4}"), Noon.AddMilliseconds(i), $"{i}");
            await host.Store.AppendAsync(new(Here, Group, $"other/{i:D4}"), Noon.AddMilliseconds(i), "other");
        }

        await host.Store.FlushAsync();

        (await host.FilterAsync("\"logStreamNamePrefix\":\"job/\"")).Messages
            .Should().Equal(Enumerable.Range(0, MaximumMerged + 20).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repetition()
    {
        await using var host = new LogsHost();
        await host.WriteAsync("a", [.. Enumerable.Range(0, 25).Select(i => $"a{i}")]);
        await host.WriteAsync("b", [.. Enumerable.Range(0, 25).Select(i => $"b{i}")]);
        foreach (var selection in (string[])["", ",\"logStreamNames\":[\"a\",\"b\"]"])
        {
            var ids = new List<string?>();
            string? token = null;
            do
            {
                var page = await host.FilterAsync("\"limit\":7" + selection + (token is null ? "" : $",\"nextToken\":\"{token}\""));
                page.Messages.Count.Should().BeLessThanOrEqualTo(7);
                ids.AddRange(page.Ids);
                token = page.Next;
            }
            while (token is not null);

            ids.Should().HaveCount(50).And.OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task The_last_page_has_no_token()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a", "b");

        (await host.FilterAsync("\"limit\":2")).Next.Should().BeNull();
    }

    [Fact]
    public async Task Only_matching_events_are_returned()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "INFO start", """{"level":"error","code":7}""", "ERROR stop");

        (await host.FilterAsync($"\"filterPattern\":{Quoted("ERROR")}")).Messages.Should().Equal("ERROR stop");
        (await host.FilterAsync($"\"filterPattern\":{Quoted("{ $.code = 7 }")}")).Messages.Should().ContainSingle();
        var refused = await host.CallAsync("FilterLogEvents", $$"""{"logGroupName":"{{Group}}","filterPattern":"{ $.x"}""");
        refused.Type.Should().Be("InvalidParameterException");
    }

    [Fact]
    public async Task The_time_range_includes_both_ends()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "0", "1", "2", "3");

        (await host.FilterAsync($"\"startTime\":{NoonMs + 1_000},\"endTime\":{NoonMs + 2_000}")).Messages.Should().Equal("1", "2");
        (await host.FilterAsync($"\"startTime\":{NoonMs},\"endTime\":{long.MaxValue}")).Messages.Should().HaveCount(4);
    }

    [Fact]
    public async Task A_request_examines_a_bounded_number_of_events_and_the_next_continues()
    {
        await using var host = new LogsHost();
        for (var i = 0; i < LogLimits.MaximumScannedEvents + 10; i++)
        {
            await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "hay");
        }

        await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "needle");
        await host.Store.FlushAsync();

        var first = await host.FilterAsync("\"filterPattern\":\"needle\"");
        var second = await host.FilterAsync($"\"filterPattern\":\"needle\",\"nextToken\":\"{first.Next}\"");

        first.Messages.Should().BeEmpty();
        first.Next.Should().NotBeNull();
        second.Messages.Should().Equal("needle");
        second.Next.Should().BeNull();
    }

    [Fact]
    public async Task Tailing_with_the_last_time_sees_new_lines_once()
    {
        // The behaviour of "aws logs tail --follow": ask again from the newest time on, and skip the ids that were shown.
        await using var host = new LogsHost();
        var shown = new HashSet<string?>();
        var lines = new List<string>();
        var since = 0L;
        for (var round = 0; round < 4; round++)
        {
            await host.Store.AppendAsync(new(Here, Group, "a"), Noon, $"a{round}");
            await host.Store.AppendAsync(new(Here, Group, "b"), Noon, $"b{round}");
            await host.Store.FlushAsync();
            var page = await host.FilterAsync($"\"interleaved\":true,\"startTime\":{since}");
            for (var i = 0; i < page.Messages.Count; i++)
            {
                if (shown.Add(page.Ids[i]))
                {
                    lines.Add(page.Messages[i]);
                }
            }

            since = page.Times[^1];
        }

        lines.Should().Equal("a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3");
    }

    [Theory]
    [InlineData("\"logStreamNames\":[\"a\"],\"logStreamNamePrefix\":\"a\"", "InvalidParameterException")]
    [InlineData("\"logStreamNames\":[\"nope\"]", "ResourceNotFoundException")]
    [InlineData("\"logStreamNames\":[]", "InvalidParameterException")]
    [InlineData("\"logStreamNames\":[null]", "InvalidParameterException")]
    [InlineData("\"nextToken\":\"x\"", "InvalidParameterException")]
    [InlineData("\"limit\":0", "InvalidParameterException")]
    [InlineData("\"limit\":\"5\"", "SerializationException")]
    public async Task Bad_parameters_are_refused(string more, string type)
    {
        await using var host = new LogsHost();
        await host.WriteAsync("a", "x");

        var reply = await host.CallAsync("FilterLogEvents", $$"""{"logGroupName":"{{Group}}",{{more}}}""");

        reply.Status.Should().Be(400);
        reply.Type.Should().Be(type);
    }
}
