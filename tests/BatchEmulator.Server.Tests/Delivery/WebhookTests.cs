using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace BatchEmulator.Server.Tests.Delivery;

public sealed class WebhookTests
{
    private static readonly string[] Life = ["RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"];

    [Fact]
    [AwsRule("10", Evidence.Doc, "the envelope, and an event of every transition but the initial SUBMITTED, of parents and children, too")]
    public async Task Every_transition_of_parent_and_children_arrives_in_order()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, ""));
        await using var server = await StartAsync(receiver.Url);

        var array = await server.SubmitAsync("default", "d", "\"arrayProperties\":{\"size\":20}");

        await receiver.UntilAsync(accepted => Lives(accepted).TryGetValue(array, out var life) && life[^1] == "SUCCEEDED");
        await receiver.UntilAsync(accepted => accepted.Count >= (20 * Life.Length) + 2);
        var lives = Lives(receiver.Accepted);
        lives.Should().HaveCount(21);
        lives[array].Should().Equal("PENDING", "SUCCEEDED");
        lives.Where(life => life.Key != array).Should().OnlyContain(life => life.Value.SequenceEqual(Life));
        var first =
            JsonDocument.Parse(receiver.Accepted.First(r => r.Body.Contains("\"RUNNABLE\"", StringComparison.Ordinal)).Body).RootElement;
        first.GetProperty("version").GetString().Should().Be("0");
        first.GetProperty("id").TryGetGuid(out _).Should().BeTrue();
        first.GetProperty("detail-type").GetString().Should().Be("Batch Job State Change");
        first.GetProperty("source").GetString().Should().Be("aws.batch");
        first.GetProperty("account").GetString().Should().Be("000000000000");
        first.GetProperty("time").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        first.GetProperty("region").GetString().Should().Be("us-east-1");
        first.GetProperty("resources").EnumerateArray().Single().GetString().Should()
            .Be(first.GetProperty("detail").GetProperty("jobArn").GetString());
        first.GetProperty("detail").TryGetProperty("startedAt", out _).Should().BeFalse("it never started");
    }

    [Fact]
    [AwsRule("10", Evidence.Rec, "tags with an extra resourceArn, the job's ARN; `propagateTags: false`; no flags that no call has set")]
    public async Task Events_carry_tags_with_the_job_itself_as_a_resource_and_only_flags_that_are_set()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, ""));
        await using var server = await StartAsync(receiver.Url);

        var tagged = await server.SubmitAsync("default", "d", "\"tags\":{\"team\":\"blue\",\"z\":\"1\"}");
        var array = await server.SubmitAsync("default", "d", "\"tags\":{\"team\":\"red\"},\"arrayProperties\":{\"size\":2}");
        var plain = await server.SubmitAsync("default", "d");

        await receiver.UntilAsync(accepted => accepted.Count == (4 * Life.Length) + 2);
        foreach (var (job, tags) in new (string, string[])[]
        {
            (tagged, ["team=blue", "z=1"]), (array, ["team=red"]), ($"{array}:0", []), ($"{array}:1", []), (plain, []),
        })
        {
            var details = Details(receiver.Accepted).Where(d => d.GetProperty("jobId").GetString() == job).ToList();
            details.Should().HaveCountGreaterThan(1);
            details.Should().OnlyContain(d => d.GetProperty("tags").EnumerateObject().Select(t => $"{t.Name}={t.Value}")
                .SequenceEqual(tags.Append($"resourceArn={d.GetProperty("jobArn").GetString()}")));
            details.Should().OnlyContain(d => !d.GetProperty("propagateTags").GetBoolean());
            details.Should().OnlyContain(d => !HasMember(d, "isCancelled") && !HasMember(d, "isTerminated"));
        }
    }

    [Fact]
    [AwsRule("10", Evidence.Rec, "tags with an extra resourceArn, the job's ARN; `propagateTags: false`; no flags that no call has set")]
    public async Task Events_of_nodes_have_their_arn_and_those_of_a_terminated_job_a_flag()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, ""));
        await using var server = await StartAsync(receiver.Url);
        await server.OkAsync("RegisterJobDefinition", """
            {"jobDefinitionName":"nodes","type":"multinode","propagateTags":true,
            "nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[
            {"targetNodes":"0:","container":{"image":"i","environment":[{"name":"SIMULATE_HOLD","value":"RUNNING"}],
            "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}}]}}
            """);
        var job = await server.SubmitAsync("default", "nodes", "\"tags\":{\"team\":\"blue\"}");
        await server.WaitForAsync($"{job}#1", "RUNNING");

        await server.OkAsync("TerminateJob", $$"""{"jobId":"{{job}}","reason":"enough"}""");

        await receiver.UntilAsync(accepted => Lives(accepted).Values.Count(life => life[^1] == "FAILED") == 3);
        var details = Details(receiver.Accepted);
        details.Where(d => d.GetProperty("jobId").GetString() != job).Should().NotBeEmpty().And.OnlyContain(
            d => d.GetProperty("tags").EnumerateObject().Single().Value.GetString() == d.GetProperty("jobArn").GetString());
        var last = details.Last(d => d.GetProperty("jobId").GetString() == job);
        last.GetProperty("isTerminated").GetBoolean().Should().BeTrue();
        last.GetProperty("propagateTags").GetBoolean().Should().BeTrue();
        HasMember(last, "isCancelled").Should().BeFalse();
        last.GetProperty("tags").GetProperty("team").GetString().Should().Be("blue");
    }

    [Fact]
    [AwsRule("10", Evidence.Doc, "Batch Job Queue Blocked")]
    public async Task Job_that_blocks_its_queue_has_an_event()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, ""));
        await using var server = await StartAsync(receiver.Url);
        await server.CreateQueueAsync("small", maxvCpus: 1);

        var job = await server.SubmitAsync(
            "small", "d", """ "containerOverrides":{"resourceRequirements":[{"type":"VCPU","value":"2"}]}""");

        await receiver.UntilAsync(accepted => accepted.Count == 2);
        Lives(receiver.Accepted)[job].Should().Equal("RUNNABLE", "RUNNABLE");
        var blocked = JsonDocument.Parse(receiver.Accepted.Last().Body).RootElement;
        blocked.GetProperty("detail-type").GetString().Should().Be("Batch Job Queue Blocked");
        blocked.GetProperty("resources").EnumerateArray().Select(r => r.GetString()).Should().Equal(
            blocked.GetProperty("detail").GetProperty("jobArn").GetString(), blocked.GetProperty("detail").GetProperty("jobQueue").GetString());
        blocked.GetProperty("detail").GetProperty("statusReason").GetString().Should()
            .StartWith("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - ");
    }

    [Fact]
    public async Task Temporary_refusals_are_repeated_with_the_same_id_and_in_order()
    {
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var receiver = await EventReceiver.StartAsync(
            request => asked.AddOrUpdate(IdOf(request), 1, (_, count) => count + 1) < 3 ? (500, "") : (200, ""));
        await using var server = await StartAsync(receiver.Url);

        var jobs = new[] { await server.SubmitAsync("default", "d"), await server.SubmitAsync("default", "d") };

        await receiver.UntilAsync(accepted => accepted.Count == 2 * Life.Length);
        jobs.Should().OnlyContain(job => Lives(receiver.Accepted)[job].SequenceEqual(Life));
        asked.Should().HaveCount(2 * Life.Length).And.OnlyContain(id => id.Value == 3);
        (await MetricAsync(server, "events_retried_total{target=\"webhook\"}")).Should().Be(2 * 2 * Life.Length);
    }

    [Fact]
    public async Task Permanent_refusals_are_counted_and_delay_nothing()
    {
        await using var receiver = await EventReceiver.StartAsync(
            request => request.Body.Contains("\"STARTING\"", StringComparison.Ordinal) ? (400, "") : (200, ""));
        await using var server = await StartAsync(receiver.Url);

        var job = await server.SubmitAsync("default", "d");

        await receiver.UntilAsync(accepted => accepted.Count == 3);
        Lives(receiver.Accepted)[job].Should().Equal("RUNNABLE", "RUNNING", "SUCCEEDED");
        (await MetricAsync(server, "events_dropped_total{target=\"webhook\"}")).Should().Be(1);
    }

    [Fact]
    public async Task Receiver_that_was_down_receives_everything_once_it_is_up()
    {
        using var reserved = EventReceiver.ReservePort(out var port);
        await using var server = await StartAsync($"http://127.0.0.1:{port}/");
        var job = await server.SubmitAsync("default", "d");
        await server.WaitForAsync(job, "SUCCEEDED");
        // Jobs do not wait for the delivery of their events.
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (await MetricAsync(server, "events_waiting{target=\"webhook\"}") < Life.Length)
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        (await MetricAsync(server, "events_waiting{target=\"webhook\"}")).Should().Be(Life.Length);

        reserved.Dispose();
        await using var receiver = await EventReceiver.StartAsync(_ => (200, ""), port);

        await receiver.UntilAsync(accepted => accepted.Count == Life.Length);
        Lives(receiver.Accepted)[job].Should().Equal(Life);
    }

    [Fact]
    public async Task Receiver_that_never_answers_delays_no_job()
    {
        var release = new TaskCompletionSource();
        await using var receiver = await EventReceiver.StartAsync(async _ =>
        {
            await release.Task;
            return (200, "");
        });
        await using var server = await StartAsync(receiver.Url);

        var began = Stopwatch.GetTimestamp();
        var jobs = new List<string>();
        for (var index = 0; index < 100; index++)
        {
            jobs.Add(await server.SubmitAsync("default", "d"));
        }

        foreach (var job in jobs)
        {
            await server.WaitForAsync(job, "SUCCEEDED");
        }

        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TestServer.Patience);
        receiver.Accepted.Should().BeEmpty();
        release.SetResult();
        await receiver.UntilAsync(
            accepted => accepted.Count >= jobs.Count * Life.Length && accepted.DistinctBy(IdOf).Count() == jobs.Count * Life.Length);
        Lives(receiver.Accepted).Should().HaveCount(jobs.Count).And.OnlyContain(life => life.Value.SequenceEqual(Life));
    }

    [Fact]
    public async Task Events_that_the_receiver_cannot_take_do_not_delay_other_jobs()
    {
        var isBroken = true;
        await using var receiver = await EventReceiver.StartAsync(
            request => Volatile.Read(ref isBroken) && request.Body.Contains("broken", StringComparison.Ordinal) ? (500, "") : (200, ""));
        await using var server = await StartAsync(receiver.Url);
        await server.RegisterAsync("broken");
        var broken = await server.SubmitAsync("default", "broken", "\"arrayProperties\":{\"size\":50}");
        await server.WaitForAsync(broken, "SUCCEEDED");

        var job = await server.SubmitAsync("default", "d");

        await receiver.UntilAsync(accepted => accepted.Count == Life.Length);
        Lives(receiver.Accepted).Should().ContainSingle().Which.Value.Should().Equal(Life);
        Volatile.Write(ref isBroken, false);
        await receiver.UntilAsync(accepted => accepted.Count == (51 * Life.Length) + 2);
        Lives(receiver.Accepted).Where(life => life.Key != broken).Should().OnlyContain(life => life.Value.SequenceEqual(Life));
        Lives(receiver.Accepted).Keys.Should().Contain(job);
    }

    [Fact]
    public async Task Last_events_of_the_engine_are_delivered_before_the_server_ends()
    {
        var release = new TaskCompletionSource();
        await using var receiver = await EventReceiver.StartAsync(async _ =>
        {
            await release.Task;
            return (200, "");
        });
        string job;
        await using (var server = await StartAsync(receiver.Url))
        {
            job = await server.SubmitAsync("default", "d");
            await server.WaitForAsync(job, "SUCCEEDED");
            release.SetResult();
        }

        Lives(receiver.Accepted)[job].Should().Equal(Life);
    }

    internal static async Task<double> MetricAsync(TestServer server, string name)
    {
        var reply = await server.SendAsync(HttpMethod.Get, "/_emulator/metrics");
        reply.Headers["Content-Type"].Should().StartWith("text/plain; version=0.0.4");
        var line = reply.Body.Split('\n').Single(l => l.StartsWith($"batch_emulator_{name} ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<TestServer> StartAsync(string webhook)
    {
        var server = await TestServer.StartAsync(("bootstrap", "true"), ("events-webhook", webhook), ("log-level", "error"));
        await server.RegisterAsync("d");
        return server;
    }

    private static string IdOf(ReceivedRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetString()!;

    private static List<JsonElement> Details(IEnumerable<ReceivedRequest> requests) =>
        [.. requests.DistinctBy(IdOf).Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("detail"))];

    private static bool HasMember(JsonElement detail, string name) => detail.TryGetProperty(name, out _);

    /// <summary>Returns the statuses of each job in order; a repetition counts once.</summary>
    private static Dictionary<string, List<string>> Lives(IEnumerable<ReceivedRequest> requests) => Details(requests)
        .GroupBy(d => d.GetProperty("jobId").GetString()!)
        .ToDictionary(g => g.Key, g => g.Select(d => d.GetProperty("status").GetString()!).ToList(), StringComparer.Ordinal);
}
