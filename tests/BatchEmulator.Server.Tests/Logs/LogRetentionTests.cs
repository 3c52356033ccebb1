using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Output;
using static BatchEmulator.Server.Tests.Logs.LogsHost;

namespace BatchEmulator.Server.Tests.Logs;

public sealed class LogRetentionTests
{
    private const string KeepThreeDays = """{"logGroupName":"/aws/batch/job","retentionInDays":3}""";

    [Fact]
    public async Task Events_older_than_the_retention_are_removed_and_others_stay()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "old 1", "old 2");
        await host.Store.AppendAsync(new(Here, Group, JobStream), Noon.AddDays(1), "newer");
        await host.Store.AppendAsync(new(Here, "another-group", JobStream), Noon, "kept for ever");
        await host.OkAsync("PutRetentionPolicy", KeepThreeDays);

        host.Clock.Now = Noon.AddDays(3).AddMinutes(1);
        await host.Store.EnforceRetentionAsync();

        (await host.GetAsync()).Messages.Should().Equal("newer");
        (await host.OkAsync("FilterLogEvents", """{"logGroupName":"another-group"}""")).GetProperty("events").GetArrayLength().Should().Be(1);
        var group = (await host.OkAsync("DescribeLogGroups", """{"logGroupNamePrefix":"/aws"}""")).GetProperty("logGroups")[0];
        group.GetProperty("storedBytes").GetInt64().Should().Be("newer".Length + LogEvent.OverheadBytes);

        // A container that is taken over skips the number of lines: it does not shrink.
        (await host.Store.CountAsync(new(Here, Group, JobStream))).Should().Be(3);
    }

    [Fact]
    public async Task Timer_enforces_retention()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "old");
        await host.OkAsync("PutRetentionPolicy", KeepThreeDays);
        host.Clock.Now = Noon.AddDays(4);

        host.Clock.GoOff();

        await host.Store.FlushAsync();
        (await host.GetAsync()).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task More_than_one_pass_removes_everything()
    {
        await using var host = new LogsHost();
        var lines = (OutputLimits.PurgedPerPass * 2) + 10;
        for (var i = 0; i < lines; i++)
        {
            await host.Store.AppendAsync(new(Here, Group, JobStream), Noon, "x");
        }

        await host.OkAsync("PutRetentionPolicy", KeepThreeDays);
        host.Clock.Now = Noon.AddDays(4);

        await host.Store.EnforceRetentionAsync();

        (await host.GetAsync()).Messages.Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_policy_events_are_kept()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");
        await host.OkAsync("PutRetentionPolicy", KeepThreeDays);
        await host.OkAsync("DeleteRetentionPolicy", """{"logGroupName":"/aws/batch/job"}""");
        host.Clock.Now = Noon.AddYears(9);

        await host.Store.EnforceRetentionAsync();

        (await host.GetAsync()).Messages.Should().Equal("a");
    }

    [Fact]
    public async Task Only_the_values_of_CloudWatch_Logs_are_allowed()
    {
        await using var host = new LogsHost();
        await host.WriteAsync(JobStream, "a");

        var reply = await host.CallAsync("PutRetentionPolicy", """{"logGroupName":"/aws/batch/job","retentionInDays":2}""");

        reply.Type.Should().Be("InvalidParameterException");
        reply.Message.Should().StartWith("1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5,");
        (await host.CallAsync("PutRetentionPolicy", """{"logGroupName":"nope","retentionInDays":3}""")).Type.Should().Be("ResourceNotFoundException");
    }
}
