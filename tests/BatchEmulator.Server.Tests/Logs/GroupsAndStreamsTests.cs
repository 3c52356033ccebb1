using System.Text.Json;
using BatchEmulator.Core.Identity;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class GroupsAndStreamsTests
{
    [Fact]
    public async Task A_group_shows_both_of_its_ARNs()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "hello");

        var group = (await host.OkAsync("DescribeLogGroups", "{}")).GetProperty("logGroups")[0];

        group.GetProperty("logGroupName").GetString().Should().Be(Group);
        group.GetProperty("arn").GetString().Should().Be("arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job:*");
        group.GetProperty("logGroupArn").GetString().Should().Be("arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job");
        group.GetProperty("creationTime").GetInt64().Should().Be(NoonMs);
        group.GetProperty("storedBytes").GetInt64().Should().Be(31);
        group.GetProperty("logGroupClass").GetString().Should().Be("STANDARD");
        group.TryGetProperty("retentionInDays", out _).Should().BeFalse("a group of AWS Batch keeps its events for ever");
    }

    [Fact]
    public async Task The_partition_follows_the_Region()
    {
        await using var host = new LogsHost();
        var china = new Scope("123456789012", "cn-north-1");
        await host.OkAsync("CreateLogGroup", """{"logGroupName":"g"}""", china);

        (await host.OkAsync("DescribeLogGroups", "{}", china)).GetProperty("logGroups")[0].GetProperty("logGroupArn").GetString()
            .Should().Be("arn:aws-cn:logs:cn-north-1:123456789012:log-group:g");
    }

    [Fact]
    public async Task Groups_are_paged_by_name()
    {
        await using var host = new LogsHost();
        foreach (var name in (string[])["b", "a", "d", "c", "e"])
        {
            await host.OkAsync("CreateLogGroup", $$"""{"logGroupName":"{{name}}"}""");
        }

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await host.OkAsync("DescribeLogGroups", $$"""{"limit":2{{(token is null ? "" : $",\"nextToken\":\"{token}\"")}}}""");
            names.AddRange(Names(page, "logGroups", "logGroupName"));
            token = page.TryGetProperty("nextToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        names.Should().Equal("a", "b", "c", "d", "e");
    }

    [Theory]
    [InlineData("""{"logGroupNamePrefix":"/aws/"}""", "/aws/batch/job,/aws/batch/jobs")]
    [InlineData("""{"logGroupNamePattern":"BATCH"}""", "/aws/batch/job,/aws/batch/jobs,my-batch")]
    [InlineData("""{"logGroupIdentifiers":["my-batch","arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job","nope"]}""", "/aws/batch/job,my-batch")]
    [InlineData("""{"logGroupClass":"INFREQUENT_ACCESS"}""", "rare")]
    public async Task Groups_are_selected(string request, string expected)
    {
        await using var host = new LogsHost();
        foreach (var name in (string[])["/aws/batch/job", "/aws/batch/jobs", "my-batch"])
        {
            await host.OkAsync("CreateLogGroup", $$"""{"logGroupName":"{{name}}"}""");
        }

        await host.OkAsync("CreateLogGroup", """{"logGroupName":"rare","logGroupClass":"infrequent_access"}""");

        Names(await host.OkAsync("DescribeLogGroups", request), "logGroups", "logGroupName").Should().Equal(expected.Split(','));
    }

    [Fact]
    public async Task A_group_or_stream_exists_once()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");

        var group = await host.CallAsync("CreateLogGroup", $$"""{"logGroupName":"{{Group}}"}""");
        var stream = await host.CallAsync("CreateLogStream", $$"""{"logGroupName":"{{Group}}","logStreamName":"{{JobStream}}"}""");

        group.Type.Should().Be("ResourceAlreadyExistsException");
        group.Message.Should().Be("The specified log group already exists");
        stream.Type.Should().Be("ResourceAlreadyExistsException");
        stream.Message.Should().Be("The specified log stream already exists");
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_at_once_and_a_new_one_begins_empty()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "old");
        await host.WriteAsync("other", "kept");

        (await host.CallAsync("DeleteLogStream", $$"""{"logGroupName":"{{Group}}","logStreamName":"{{JobStream}}"}""")).Body.Should().BeEmpty();

        (await host.FilterAsync()).Messages.Should().Equal("kept");
        await host.WriteAsync(JobStream, "new");
        (await host.GetAsync()).Messages.Should().Equal("new");
        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(1);
        await host.Store.EnforceRetentionAsync();
        (await host.OkAsync("DescribeLogGroups", "{}")).GetProperty("logGroups")[0].GetProperty("storedBytes").GetInt64().Should()
            .Be(4 + 3 + 52);
    }

    [Fact]
    public async Task A_deleted_group_is_gone_at_once_and_a_running_job_creates_it_again()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "old");

        await host.OkAsync("DeleteLogGroup", $$"""{"logGroupName":"{{Group}}"}""");

        (await host.CallAsync("DeleteLogGroup", $$"""{"logGroupName":"{{Group}}"}""")).Type.Should().Be("ResourceNotFoundException");
        (await host.OkAsync("DescribeLogGroups", "{}")).GetProperty("logGroups").GetArrayLength().Should().Be(0);
        await host.WriteAsync(JobStream, "new");
        await host.Store.EnforceRetentionAsync();
        (await host.GetAsync()).Messages.Should().Equal("new");
    }

    [Fact]
    public async Task A_protected_group_is_not_deleted()
    {
        await using var host = new LogsHost();
        await host.OkAsync("CreateLogGroup", """{"logGroupName":"g","deletionProtectionEnabled":true}""");

        (await host.CallAsync("DeleteLogGroup", """{"logGroupName":"g"}""")).Type.Should().Be("ValidationException");
    }

    [Fact]
    public async Task Streams_are_ordered_and_paged_by_name_or_by_last_event()
    {
        await using var host = new LogsHost();
        await host.WriteAsync("a", "1", "2", "3");
        await host.WriteAsync("b", "1");
        await host.WriteAsync("c", "1", "2");
        await host.OkAsync("CreateLogStream", $$"""{"logGroupName":"{{Group}}","logStreamName":"d"}""");

        (await StreamsAsync(host, "")).Should().Equal("a", "b", "c", "d");
        (await StreamsAsync(host, ",\"descending\":true")).Should().Equal("d", "c", "b", "a");
        (await StreamsAsync(host, ",\"orderBy\":\"LastEventTime\",\"descending\":true")).Should().Equal("a", "c", "b", "d");
        (await StreamsAsync(host, ",\"orderBy\":\"LastEventTime\"")).Should().Equal("d", "b", "c", "a");
        (await StreamsAsync(host, ",\"logStreamNamePrefix\":\"b\"")).Should().Equal("b");
        (await host.CallAsync("DescribeLogStreams", $$"""{"logGroupName":"{{Group}}","orderBy":"LastEventTime","logStreamNamePrefix":"b"}""")).Message
            .Should().Be("Cannot order by LastEventTime with a logStreamNamePrefix.");
        (await host.CallAsync("DescribeLogStreams", $$"""{"logGroupName":"{{Group}}","orderBy":"LastEventTime","nextToken":"YWJj"}""")).Type
            .Should().Be("InvalidParameterException");
    }

    [Fact]
    public async Task A_stream_shows_the_times_of_its_events()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "1", "2", "3");
        await host.OkAsync("CreateLogStream", $$"""{"logGroupName":"{{Group}}","logStreamName":"z"}""");

        var streams = (await host.OkAsync("DescribeLogStreams", $$"""{"logGroupIdentifier":"{{Group}}"}""")).GetProperty("logStreams");

        streams[0].GetProperty("arn").GetString().Should()
            .Be($"arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job:log-stream:{JobStream}");
        streams[0].GetProperty("firstEventTimestamp").GetInt64().Should().Be(NoonMs);
        streams[0].GetProperty("lastEventTimestamp").GetInt64().Should().Be(NoonMs + 2_000);
        streams[0].GetProperty("lastIngestionTime").GetInt64().Should().Be(NoonMs);
        streams[1].TryGetProperty("firstEventTimestamp", out _).Should().BeFalse();
        streams[1].TryGetProperty("lastEventTimestamp", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Tags_are_added_listed_and_removed()
    {
        await using var host = new LogsHost();
        const string Arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
        await host.OkAsync("CreateLogGroup", """{"logGroupName":"g","tags":{"a":"1"}}""");

        await host.OkAsync("TagResource", $$$"""{"resourceArn":"{{{Arn}}}","tags":{"a":"2","b":"3"}}""");
        await host.OkAsync("UntagResource", $$"""{"resourceArn":"{{Arn}}","tagKeys":["b","nope"]}""");

        (await host.OkAsync("ListTagsForResource", $$"""{"resourceArn":"{{Arn}}"}""")).GetRawText().Should().Be("""{"tags":{"a":"2"}}""");
        var many = string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"k{i}\":\"v\""));
        (await host.CallAsync("TagResource", $$$"""{"resourceArn":"{{{Arn}}}","tags":{{{{many}}}}}""")).Type.Should().Be("TooManyTagsException");
        (await host.CallAsync("ListTagsForResource", """{"resourceArn":"g"}""")).Type.Should().Be("InvalidParameterException");
    }

    private static async Task<List<string>> StreamsAsync(LogsHost host, string more)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await host.OkAsync(
                "DescribeLogStreams",
                $$"""{"logGroupName":"{{Group}}","limit":3{{more}}{{(token is null ? "" : $",\"nextToken\":\"{token}\"")}}}""");
            names.AddRange(Names(page, "logStreams", "logStreamName"));
            token = page.TryGetProperty("nextToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        return names;
    }

    private static List<string> Names(JsonElement page, string list, string member) =>
        [.. page.GetProperty(list).EnumerateArray().Select(e => e.GetProperty(member).GetString()!)];
}
