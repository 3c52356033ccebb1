using BatchEmulator.Core;
using BatchEmulator.Server.Tests.Durability;

namespace BatchEmulator.Server.Tests.Storage;

/// <summary>Whole servers with <c>--storage litedb</c>.</summary>
public sealed class LiteDbServerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("batch-emulator-litedb-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Jobs_and_their_output_survive_a_restart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are run with a shell of Linux here.");
        await using var server = await StartAsync(("executor", "process"));
        await server.CreateQueueAsync("q");
        await server.RegisterAsync("d", "any", "sh", "-c", "echo one; echo two");
        var array = await server.SubmitAsync("q", "d", "\"arrayProperties\":{\"size\":3},\"tags\":{\"a\":\"1\",\"A\":\"2\"}");
        var ended = await server.WaitForAsync(array, "SUCCEEDED");
        var child = await server.DescribeAsync(array + ":2");
        var stream = child.GetProperty("container").GetProperty("logStreamName").GetString()!;
        (await OutputAsync(server, stream)).Should().Equal("one", "two");

        await server.RestartAsync();

        (await server.DescribeAsync(array)).GetRawText().Should().Be(ended.GetRawText());
        (await server.DescribeAsync(array + ":2")).GetRawText().Should().Be(child.GetRawText());
        (await OutputAsync(server, stream)).Should().Equal("one", "two");
        (await server.OkAsync("ListJobs", $$"""{"arrayJobId":"{{array}}","jobStatus":"SUCCEEDED"}""")).GetProperty("jobSummaryList").GetArrayLength()
            .Should().Be(3);
        Directory.GetFiles(_data, "*.db*").Should().BeEmpty("no other storage is used beside it");
    }

    [Fact]
    public async Task Server_continues_after_a_reset_removed_everything()
    {
        await using var server = await StartAsync();
        await server.CreateQueueAsync("q");
        await server.RegisterAsync("d");
        var first = await server.SubmitAsync("q", "d");

        (await server.SendAsync(HttpMethod.Post, "/_emulator/reset")).Ok();

        (await server.OkAsync("DescribeJobs", $$"""{"jobs":["{{first}}"]}""")).GetProperty("jobs").GetArrayLength().Should().Be(0);
        (await server.OkAsync("DescribeJobQueues", "{}")).GetProperty("jobQueues").GetArrayLength().Should().Be(0);
        await server.CreateQueueAsync("q");
        await server.RegisterAsync("d");
        var second = await server.SubmitAsync("q", "d");
        await server.WaitForAsync(second, "SUCCEEDED");
        await server.RestartAsync();
        (await server.DescribeAsync(second)).GetProperty("status").GetString().Should().Be("SUCCEEDED");
        var counts = (await server.ControlAsync("info")).GetProperty("counts");
        counts.GetProperty("jobs").GetProperty("SUCCEEDED").GetInt64().Should().Be(1);
        counts.GetProperty("jobQueues").GetInt64().Should().Be(1);
    }

    [Theory]
    [InlineData("sqlite", "litedb", "batch.db")]
    [InlineData("litedb", "sqlite", "batch.litedb")]
    public async Task Folder_of_another_storage_is_refused(string first, string second, string file)
    {
        await (await TestServer.StartAsync(("data", _data), ("storage", first))).DisposeAsync();

        var start = () => TestServer.StartAsync(("data", _data), ("storage", second));

        (await start.Should().ThrowAsync<StartException>()).Which.Message.Should()
            .Contain(_data).And.Contain($"--storage {first} ({file})").And.Contain($"Start with --storage {first}").And.Contain("--data");
        Directory.GetFiles(_data).Should()
            .NotContain(path => Path.GetFileName(path).StartsWith(second == "sqlite" ? "batch.db" : "batch.litedb"));
    }

    [Fact]
    public async Task File_other_than_a_database_is_refused_in_one_line()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_data, "batch.litedb"), string.Join('\n', Enumerable.Repeat("This is a shopping list.", 1000)));

        (await RefusedStart.LineAsync(["--data", _data, "--storage", "litedb"]))
            .Should().Contain(Path.Combine(_data, "batch.litedb")).And.Contain("is damaged").And.Contain("backup");
    }

    [Fact]
    public async Task Unreadable_log_is_set_aside()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_data, "logs.litedb"), string.Join('\n', Enumerable.Repeat("This is a shopping list.", 1000)));

        await using var server = await StartAsync();
        await server.CreateQueueAsync("q");
        await server.RegisterAsync("d");
        await server.WaitForAsync(await server.SubmitAsync("q", "d"), "SUCCEEDED");

        var kept = Directory.GetFiles(_data, "logs.litedb.damaged-*").Should().ContainSingle(file => file.EndsWith('Z')).Which;
        (await File.ReadAllTextAsync(kept)).Should().StartWith("This is a shopping list.");
    }

    /// <summary>Waits for the two lines of a job, which are stored beside its end.</summary>
    private static async Task<IEnumerable<string?>> OutputAsync(TestServer server, string stream)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            var reply = await server.CallLogsAsync(
                "GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}","startFromHead":true}""");
            if (reply.Status == 200 && reply.Json.GetProperty("events").GetArrayLength() == 2)
            {
                return reply.Json.GetProperty("events").EnumerateArray().Select(line => line.GetProperty("message").GetString());
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private Task<TestServer> StartAsync(params (string Name, string Value)[] settings) =>
        TestServer.StartAsync([("data", _data), ("storage", "litedb"), .. settings]);
}
