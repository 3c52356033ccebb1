using System.Text.Json;
using BatchEmulator.Server.Tests.Logs;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>
/// A change that cannot be stored is answered with an error and has no effect, also after the restart of a server that had to stop.
/// </summary>
public sealed class FailingStoreTests
{
    private const string Running = "\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"600\"}]}";
    private const string Rules = """{"rules":[{"match":{"jobName":"other"},"exitCode":7}]}""";

    [Fact]
    public async Task Reset_that_cannot_be_committed_is_answered_and_changes_nothing()
    {
        await using var server = await StartAsync();
        var job = await RunningJobAsync(server);
        await server.ClockAsync("""{"advance":60}""");
        (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", Rules)).Ok();
        Refuse(server, "DELETE");

        var reply = await server.SendAsync(HttpMethod.Post, "/_emulator/reset", "");

        AssertUnavailable(reply);
        await server.RestartAsync(() => AllowAsync(server));
        (await server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("RUNNING");
        (await server.SendAsync(HttpMethod.Get, "/_emulator/outcomes")).Body.Should().Be(Rules);
        (await server.ControlAsync("clock")).GetProperty("now").GetDateTimeOffset()
            .Should().BeAfter(TimeProvider.System.GetUtcNow().AddSeconds(30), "it is still ahead");
    }

    [Fact]
    public async Task Move_of_the_clock_that_cannot_be_committed_is_answered()
    {
        await using var server = await StartAsync();
        var job = await RunningJobAsync(server);
        Refuse(server, "UPDATE", "INSERT");

        var reply = await server.SendAsync(HttpMethod.Post, "/_emulator/clock", """{"pause":true,"advance":3600}""");

        AssertUnavailable(reply);
        await server.RestartAsync(() => AllowAsync(server));
        await server.ClockAsync("""{"pause":true,"advance":3600}""");
        (await server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("SUCCEEDED");
    }

    [Fact]
    public async Task Failed_commit_is_answered_with_an_error_as_are_all_waiting_operations()
    {
        await using var server = await StartAsync();
        await server.RegisterAsync("d");
        Refuse(server, "INSERT", "UPDATE");

        var request = Requests.Job("j", "default", "d");
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.CallAsync("SubmitJob", request)));

        replies.Should().AllSatisfy(reply =>
        {
            reply.Status.Should().Be(500);
            reply.ErrorType.Should().Be("ServerException");
            reply.Message.Should().StartWith("The server stops because of an error, and nothing was changed: ").And.Contain("no room");
        });
        await server.RestartAsync(() => AllowAsync(server));
        (await server.ControlAsync("info")).GetProperty("counts").GetProperty("jobs").EnumerateObject()
            .Sum(status => status.Value.GetInt64()).Should().Be(0);
    }

    [Fact]
    public async Task Clock_whose_lead_cannot_be_stored_is_not_moved()
    {
        await using var server = await StartAsync();
        var obstacle = Directory.CreateDirectory(Path.Combine(server.Folder, "clock-lead.new"));

        var reply = await server.SendAsync(HttpMethod.Post, "/_emulator/clock", """{"advance":86400}""");

        AssertUnavailable(reply);
        (await server.ControlAsync("clock")).GetProperty("now").GetDateTimeOffset()
            .Should().BeBefore(TimeProvider.System.GetUtcNow().AddHours(1));
        obstacle.Delete();
        await server.ClockAsync("""{"advance":86400}""");
    }

    [Fact]
    public async Task Rules_that_cannot_be_stored_do_not_apply()
    {
        await using var server = await StartAsync();
        (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", Rules)).Ok();
        var obstacle = Directory.CreateDirectory(Path.Combine(server.Folder, "outcomes.json.new"));

        var reply = await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", """{"rules":[{"exitCode":1}]}""");

        AssertUnavailable(reply);
        (await server.SendAsync(HttpMethod.Get, "/_emulator/outcomes")).Body.Should().Be(Rules);
        obstacle.Delete();
    }

    [Fact]
    public async Task Reset_that_cannot_delete_the_log_output_is_refused_and_changes_nothing()
    {
        await using var server = await StartAsync();
        var job = await RunningJobAsync(server);
        (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", Rules)).Ok();
        using (new WriteLock(Path.Combine(server.Folder, "logs.db")))
        {
            AssertUnavailable(await server.SendAsync(HttpMethod.Post, "/_emulator/reset", ""));
        }

        (await server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("RUNNING");
        (await server.SendAsync(HttpMethod.Get, "/_emulator/outcomes")).Body.Should().Be(Rules);
    }

    [Fact]
    public async Task Health_reports_a_commit_that_has_to_wait()
    {
        await using var server = await StartAsync();
        Task<string> registered;
        using (new WriteLock(Path.Combine(server.Folder, "batch.db")))
        {
            registered = server.RegisterAsync("d");
            JsonElement health;
            do
            {
                health = await server.ControlAsync("health");
            }
            while (health.GetProperty("status").GetString() == "ok");

            health.GetProperty("status").GetString().Should().Be("degraded");
            health.GetProperty("parts").GetProperty("store").GetProperty("error").GetString()
                .Should().MatchRegex("^A commit has been under way for [0-9]+ seconds");
            health.GetProperty("parts").GetProperty("engine").GetProperty("status").GetString().Should()
                .Be("ok", "the trouble is the store's alone");
        }

        await registered;
        (await server.ControlAsync("health")).GetProperty("status").GetString().Should().Be("ok");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("litedb")]
    public async Task Control_endpoints_on_a_full_disk_answer_without_changes(string storage)
    {
        using var disk = SmallDisk.Mount();
        await using var server = await TestServer.StartAsync(
            ("bootstrap", "true"), ("data", Path.Combine(disk.Path, "data")), ("storage", storage));
        var job = await RunningJobAsync(server);
        (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", Rules)).Ok();
        disk.Fill();

        AssertUnavailable(await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", """{"rules":[{"exitCode":1}]}"""));
        AssertUnavailable(await server.SendAsync(HttpMethod.Post, "/_emulator/clock", """{"advance":86400}"""));
        (await server.ControlAsync("clock")).GetProperty("now").GetDateTimeOffset()
            .Should().BeBefore(TimeProvider.System.GetUtcNow().AddHours(1));
        AssertUnavailable(await server.SendAsync(HttpMethod.Post, "/_emulator/reset", ""));

        await server.RestartAsync(() =>
        {
            disk.Empty();
            return Task.CompletedTask;
        });
        (await server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("RUNNING");
        (await server.SendAsync(HttpMethod.Get, "/_emulator/outcomes")).Body.Should().Be(Rules);
        (await server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(("bootstrap", "true"));

    private static async Task<string> RunningJobAsync(TestServer server)
    {
        await server.RegisterAsync("d");
        var job = await server.SubmitAsync("default", "d", Running);
        await server.WaitForAsync(job, "RUNNING");
        return job;
    }

    private static void AssertUnavailable(WireReply reply)
    {
        reply.Status.Should().Be(503);
        reply.ErrorType.Should().Be("ServiceUnavailableException");
        reply.Message.Should().NotBeEmpty();
    }

    /// <summary>Makes every statement of a kind on the table of jobs fail with the error of a full disk.</summary>
    private static void Refuse(TestServer server, params string[] kinds)
    {
        foreach (var kind in kinds)
        {
            Run(server, $"CREATE TRIGGER refuse_{kind} BEFORE {kind} ON job BEGIN SELECT RAISE(ABORT, 'no room'); END");
        }
    }

    private static Task AllowAsync(TestServer server)
    {
        foreach (var kind in new[] { "INSERT", "UPDATE", "DELETE" })
        {
            Run(server, $"DROP TRIGGER IF EXISTS refuse_{kind}");
        }

        return Task.CompletedTask;
    }

    private static void Run(TestServer server, string sql)
    {
        using var connection = SqliteDatabase.OpenWriter(Path.Combine(server.Folder, "batch.db"));
        using var statement = new SqliteStatement(connection, sql);
        statement.Run();
    }
}
