using BatchEmulator.Hosting.Logs;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class GetLogEventsTests
{
    private static readonly string[] Ten = [.. Enumerable.Range(0, 10).Select(i => $"{i}")];

    [Fact]
    public async Task From_the_head_the_forward_tokens_lead_through_the_stream()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, Ten);

        var first = await host.GetAsync("\"startFromHead\":true,\"limit\":4");
        var second = await host.GetAsync($"\"startFromHead\":true,\"limit\":4,\"nextToken\":\"{first.Forward}\"");
        var third = await host.GetAsync($"\"startFromHead\":true,\"limit\":4,\"nextToken\":\"{second.Forward}\"");
        var end = await host.GetAsync($"\"startFromHead\":true,\"limit\":4,\"nextToken\":\"{third.Forward}\"");

        first.Messages.Should().Equal("0", "1", "2", "3");
        second.Messages.Should().Equal("4", "5", "6", "7");
        third.Messages.Should().Equal("8", "9");
        end.Messages.Should().BeEmpty();
        end.Forward.Should().Be(third.Forward, "the same token means the end");
        first.Forward.Should().MatchRegex("^f/[0-9]{56}/s$");
        first.Backward.Should().MatchRegex("^b/[0-9]{56}/s$");
    }

    [Fact]
    public async Task Without_a_direction_the_newest_events_come_first_and_backward_tokens_lead_to_the_head()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, Ten);

        var newest = await host.GetAsync("\"limit\":4");
        var middle = await host.GetAsync($"\"limit\":4,\"nextToken\":\"{newest.Backward}\"");
        var oldest = await host.GetAsync($"\"limit\":4,\"nextToken\":\"{middle.Backward}\"");
        var end = await host.GetAsync($"\"limit\":4,\"nextToken\":\"{oldest.Backward}\"");

        newest.Messages.Should().Equal("6", "7", "8", "9");
        middle.Messages.Should().Equal("2", "3", "4", "5");
        oldest.Messages.Should().Equal("0", "1");
        end.Messages.Should().BeEmpty();
        end.Backward.Should().Be(oldest.Backward);
        (await host.GetAsync($"\"nextToken\":\"{end.Forward}\"")).Messages.Should().Equal(Ten);
    }

    [Fact]
    public async Task Reversal_at_the_end_returns_the_same_events()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, Ten);
        var all = await host.GetAsync("\"startFromHead\":true");
        var end = await host.GetAsync($"\"nextToken\":\"{all.Forward}\"");

        (await host.GetAsync($"\"nextToken\":\"{end.Backward}\",\"limit\":2")).Messages.Should().Equal("8", "9");
        (await host.GetAsync($"\"nextToken\":\"{all.Backward}\"")).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task A_follower_sees_later_lines()
    {
        await using var host = new LogsHost();
        await host.OkAsync("CreateLogGroup", """{"logGroupName":"/aws/batch/job"}""");
        await host.OkAsync("CreateLogStream", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{JobStream}}"}""");

        var token = (await host.GetAsync("\"startFromHead\":true")).Forward;
        for (var i = 0; i < 5; i++)
        {
            var nothing = await host.GetAsync($"\"startFromHead\":true,\"nextToken\":\"{token}\"");
            nothing.Messages.Should().BeEmpty();
            nothing.Forward.Should().Be(token);
            await host.Store.AppendAsync(new(Here, Group, JobStream), Noon.AddSeconds(-i), $"line {i}");
            await host.Store.FlushAsync();

            var page = await host.GetAsync($"\"startFromHead\":true,\"nextToken\":\"{token}\"");
            page.Messages.Should().Equal($"line {i}");
            token = page.Forward;
        }
    }

    [Fact]
    public async Task The_start_is_included_and_the_end_excluded()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, Ten);

        var page = await host.GetAsync($"\"startTime\":{NoonMs + 2_000},\"endTime\":{NoonMs + 5_000}");

        page.Messages.Should().Equal("2", "3", "4");
        (await host.GetAsync($"\"startTime\":{NoonMs + 2_000},\"nextToken\":\"{page.Backward}\"")).Messages.Should().BeEmpty();
        (await host.GetAsync($"\"endTime\":{NoonMs + 5_000},\"nextToken\":\"{page.Forward}\"")).Messages.Should().BeEmpty();
        (await host.GetAsync($"\"startTime\":{NoonMs + 5_000},\"endTime\":{NoonMs}")).Messages.Should().BeEmpty();
        (await host.GetAsync($"\"startTime\":{long.MaxValue}")).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task A_page_holds_at_most_a_mebibyte_and_paging_loses_nothing()
    {
        await using var host = new LogsHost();
        var lines = Enumerable.Range(0, 12).Select(i => $"{i:D2}" + new string('x', 200_000)).ToArray();
        await host.WriteAsync(JobStream, lines);

        List<string> forward = [], backward = [];
        string token = "", before;
        do
        {
            before = token;
            var page = await host.GetAsync("\"startFromHead\":true" + (token.Length > 0 ? $",\"nextToken\":\"{token}\"" : ""));
            page.Messages.Sum(m => m.Length).Should().BeLessThanOrEqualTo(LogLimits.MaximumPageBytes);
            forward.AddRange(page.Messages);
            token = page.Forward!;
        }
        while (token != before);

        token = "";
        do
        {
            before = token;
            var page = await host.GetAsync(token.Length > 0 ? $"\"nextToken\":\"{token}\"" : "");
            backward.InsertRange(0, page.Messages);
            token = page.Backward!;
        }
        while (token != before);

        forward.Should().Equal(lines);
        backward.Should().Equal(lines);
    }

    [Fact]
    public async Task The_group_can_be_given_as_an_ARN()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");
        async Task<LogsReply> ByAsync(string identifier) => await host.CallAsync(
            "GetLogEvents", $$"""{"logGroupIdentifier":"{{identifier}}","logStreamName":"{{JobStream}}"}""");

        (await ByAsync("arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job")).Status.Should().Be(200);
        (await ByAsync("/aws/batch/job")).Status.Should().Be(200);
        (await ByAsync("arn:aws:logs:eu-west-1:123456789012:log-group:/aws/batch/job")).Type.Should().Be("ResourceNotFoundException");
        (await ByAsync("arn:aws:batch:us-east-1:123456789012:job/x")).Type.Should().Be("InvalidParameterException");
    }

    [Fact]
    public async Task Missing_members_are_named()
    {
        await using var host = new LogsHost();
        var noGroup = await host.CallAsync("GetLogEvents", """{"logGroupName":"g","logStreamName":"s"}""");
        await host.WriteAsync(JobStream, "a");
        var noStream = await host.CallAsync("GetLogEvents", """{"logGroupName":"/aws/batch/job","logStreamName":"s"}""");

        noGroup.Status.Should().Be(400);
        noGroup.Type.Should().Be("ResourceNotFoundException");
        noGroup.Message.Should().Be("The specified log group does not exist.");
        noStream.Type.Should().Be("ResourceNotFoundException");
        noStream.Message.Should().Be("The specified log stream does not exist.");
    }

    [Theory]
    [InlineData("\"nextToken\":\"x\"")]
    [InlineData("\"nextToken\":\"f//s\"")]
    [InlineData("\"nextToken\":\"f/-1/s\"")]
    [InlineData("\"nextToken\":\"f/12345678901234567890123456789012345678901234567890123456789012345/s\"")]
    [InlineData("\"nextToken\":\"f/9999999999999999999999999999999999999999999999999999999999999999/s\"")]
    [InlineData("\"nextToken\":\"g/1/s\"")]
    [InlineData("\"nextToken\":\"\"")]
    [InlineData("\"limit\":0")]
    [InlineData("\"limit\":10001")]
    [InlineData("\"startTime\":-1")]
    [InlineData("\"logGroupIdentifier\":\"/aws/batch/job\"")]
    public async Task Bad_parameters_are_refused(string more)
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");

        var reply = await host.CallAsync("GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{JobStream}}",{{more}}}""");

        reply.Status.Should().Be(400);
        reply.Type.Should().Be("InvalidParameterException");
    }
}
