using System.Globalization;
using System.Text.Json;
using BatchEmulator.Core;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>ListJobs over the wire (docs/aws-behaviour.md, section 7.9).</summary>
[Trait("Section", "7.9")]
public sealed class ListJobsTests : IAsyncLifetime
{
    private static readonly string[] SummaryMembers =
        ["jobArn", "jobId", "jobName", "createdAt", "status", "statusReason", "startedAt", "stoppedAt", "container"];

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.CreateQueueAsync("q", maxvCpus: 4);
        await _server.RegisterAsync("d", "busybox", "true");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "RUNNING when no status is given")]
    public async Task Running_jobs_are_listed_unless_a_status_is_given()
    {
        var running = await SubmitAsync("running", runFor: "600");
        await _server.WaitForAsync(running, "RUNNING");
        var done = await SubmitAsync("done");
        await _server.WaitForAsync(done, "SUCCEEDED");

        (await IdsAsync("""{"jobQueue":"q"}""")).Should().Equal(running);
        (await IdsAsync("""{"jobQueue":"arn:aws:batch:us-east-1:000000000000:job-queue/q"}""")).Should().Equal(running);
        (await IdsAsync("""{"jobQueue":"q","jobStatus":"succeeded"}""")).Should().Equal(done);
        (await IdsAsync("""{"jobQueue":"q","jobStatus":"FAILED"}""")).Should().BeEmpty();
    }

    [Fact]
    [AwsRule("7.9", Evidence.Rec, "members of a summary, and its container in each state")]
    public async Task Summary_has_the_members_of_its_state()
    {
        var holding = await SubmitAsync("holding", runFor: "600", vcpus: 4);
        await _server.WaitForAsync(holding, "RUNNING");
        var waiting = await SubmitAsync("waiting", exitCode: 3);
        await SubmitAsync("pending", more: $$"""
            "dependsOn":[{"jobId":"{{waiting}}"}]
            """);

        string[] early = [.. SummaryMembers.Except(["statusReason", "startedAt", "stoppedAt", "container"])];
        Members((await ListAsync("""{"jobQueue":"q","jobStatus":"RUNNABLE"}""")).Single()).Should().BeEquivalentTo(early);
        Members((await ListAsync("""{"jobQueue":"q","jobStatus":"PENDING"}""")).Single()).Should().BeEquivalentTo(early);
        var running = (await ListAsync("""{"jobQueue":"q"}""")).Single();
        Members(running).Should().BeEquivalentTo([.. early, "startedAt", "container"]);
        running.GetProperty("container").GetRawText().Should().Be("{}");
        await _server.OkAsync("TerminateJob", $$"""{"jobId":"{{holding}}","reason":"enough"}""");
        await _server.WaitForAsync(waiting, "FAILED");
        var failed = (await ListAsync("""{"jobQueue":"q","jobStatus":"FAILED"}""")).Single(j => j.GetProperty("jobId").GetString() == waiting);
        Members(failed).Should().BeEquivalentTo(SummaryMembers);
        failed.GetProperty("container").GetRawText().Should().Be("""{"exitCode":3}""");
    }

    [Fact]
    [AwsRule("7.9", Evidence.Rec, "members of a summary, and its container in each state")]
    public async Task Reason_of_a_container_is_shown()
    {
        var id = await SubmitAsync("oom", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage");
        await _server.WaitForAsync(id, "FAILED");

        (await ListAsync("""{"jobQueue":"q","jobStatus":"FAILED"}""")).Single().GetProperty("container").GetRawText()
            .Should().Be("""{"exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}""");
    }

    [Fact]
    [AwsRule("7.9", Evidence.Rec, "the definition only where there is a filter")]
    public async Task Definition_is_shown_if_there_is_a_filter()
    {
        await _server.WaitForAsync(await SubmitAsync("job"), "SUCCEEDED");

        Members((await ListAsync("""{"jobQueue":"q","jobStatus":"SUCCEEDED"}""")).Single()).Should().BeEquivalentTo(SummaryMembers);
        (await ListAsync(Filtered("JOB_NAME", "job"))).Single().GetProperty("jobDefinition").GetString().Should()
            .Be("arn:aws:batch:us-east-1:000000000000:job-definition/d:1");
    }

    [Theory]
    [AwsRule("7.9", Evidence.Doc, "filters: how they match, and that the status is ignored but for SHARE_IDENTIFIER")]
    [InlineData("JOB_NAME", "part", "part")]
    [InlineData("JOB_NAME", "PART", "part")]
    [InlineData("JOB_NAME", "Par*", "part Party")]
    [InlineData("JOB_NAME", "*", "part Party report")]
    [InlineData("JOB_NAME", "par", "")]
    [InlineData("JOB_NAME", "p_rt", "")]
    [InlineData("JOB_DEFINITION", "d", "report part")]
    [InlineData("JOB_DEFINITION", "D", "")]
    [InlineData("JOB_DEFINITION", "d*", "Party report part")]
    [InlineData("JOB_DEFINITION", "dd", "Party")]
    [InlineData("JOB_DEFINITION", "arn:aws:batch:us-east-1:000000000000:job-definition/d:1", "report part")]
    [InlineData("JOB_DEFINITION", "arn:aws:batch:us-east-1:000000000000:job-definition/d:2", "")]
    [InlineData("JOB_DEFINITION", "arn:aws:batch:us-east-1:000000000000:job-definition/d*", "")]
    [InlineData("SHARE_IDENTIFIER", "s", "")]
    public async Task Filter_selects_whatever_the_status(string name, string value, string expected)
    {
        await _server.RegisterAsync("dd", "busybox", "true");
        await SubmitAsync("part");
        await _server.WaitForAsync(await SubmitAsync("report", runFor: "600"), "RUNNING");
        await _server.WaitForAsync(await SubmitAsync("Party", exitCode: 1, definition: "dd"), "FAILED");

        (await ListAsync(Filtered(name, value, "FAILED"))).Select(j => j.GetProperty("jobName").GetString())
            .Should().Equal(
                expected.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                name == "SHARE_IDENTIFIER" ? "it combines with the status" : "the status is ignored");
    }

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "BEFORE_CREATED_AT, AFTER_CREATED_AT")]
    public async Task Filters_by_time_leave_out_the_time_itself()
    {
        var at = await PausedAtAsync();
        var ids = new List<string>();
        for (var second = 0; second < 3; second++)
        {
            ids.Add(await SubmitAsync("job"));
            await AdvanceAsync("1s");
        }

        (await IdsAsync(Filtered("AFTER_CREATED_AT", Millis(at)))).Should().Equal(ids[2], ids[1]);
        (await IdsAsync(Filtered("BEFORE_CREATED_AT", Millis(at + 2_000)))).Should().Equal(ids[1], ids[0]);
        (await IdsAsync(Filtered("AFTER_CREATED_AT", Millis(at + 2_000)))).Should().BeEmpty();
        (await IdsAsync(Filtered("BEFORE_CREATED_AT", Millis(at)))).Should().BeEmpty();
    }

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "newest first")]
    public async Task Newest_job_comes_first()
    {
        var ids = new List<string>();
        foreach (var name in new[] { "b", "a", "c" })
        {
            ids.Add(await SubmitAsync(name));
        }

        await _server.WaitForAsync(ids[2], "SUCCEEDED");

        (await IdsAsync(Filtered("JOB_DEFINITION", "d"))).Should().Equal(ids[2], ids[1], ids[0]);
    }

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "JOB_NAME groups by name")]
    public async Task Jobs_that_are_filtered_by_name_are_grouped_by_it_page_by_page()
    {
        foreach (var name in new[] { "job-b", "job-a", "job-b", "other", "job-a" })
        {
            await SubmitAsync(name);
        }

        var pages = await PagesAsync(Filtered("JOB_NAME", "JOB-*"), () => SubmitAsync("job-a"));

        pages.Select(j => j.GetProperty("jobName").GetString()).Should().Equal("job-a", "job-a", "job-b", "job-b");
        pages.Take(2).Select(Created).Should().BeInDescendingOrder();
        pages.Skip(2).Select(Created).Should().BeInDescendingOrder();
        pages.Select(j => j.GetProperty("jobId").GetString()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "pages survive what happens between them")]
    public async Task Pages_join_to_the_whole_even_when_jobs_arrive_meanwhile()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await SubmitAsync("job"));
            await _server.WaitForAsync(ids[^1], "SUCCEEDED");
        }

        var pages = await PagesAsync(
            """{"jobQueue":"q","jobStatus":"SUCCEEDED"}""", async () => await _server.WaitForAsync(await SubmitAsync("job"), "SUCCEEDED"));

        pages.Select(j => j.GetProperty("jobId").GetString()).Should().Equal(Enumerable.Reverse(ids));
    }

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "pages survive what happens between them")]
    public async Task Pages_continue_when_the_job_at_their_end_has_been_forgotten()
    {
        await PausedAtAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await SubmitAsync("job"));
            await _server.WaitForAsync(ids[^1], "SUCCEEDED");
        }

        var first = await _server.OkAsync("ListJobs", """{"jobQueue":"q","jobStatus":"SUCCEEDED","maxResults":1}""");
        await AdvanceAsync("180h");
        var late = await SubmitAsync("late");
        await _server.WaitForAsync(late, "SUCCEEDED");
        var second = await _server.OkAsync("ListJobs", $$"""{"jobQueue":"q","jobStatus":"SUCCEEDED","maxResults":1,"nextToken":"{{first.GetProperty("nextToken").GetString()}}"}""");

        first.GetProperty("jobSummaryList")[0].GetProperty("jobId").GetString().Should().Be(ids[2]);
        second.GetProperty("jobSummaryList").GetArrayLength().Should().Be(0);
        second.TryGetProperty("nextToken", out _).Should().BeFalse();
        (await IdsAsync("""{"jobQueue":"q","jobStatus":"SUCCEEDED"}""")).Should().Equal(late);
    }

    [Fact]
    [AwsRule("7.9", Evidence.Doc, "filters do not apply to children")]
    public async Task Children_are_listed_with_their_array_by_index_and_without_filters()
    {
        var array = await SubmitAsync("array", runFor: "600", more: "\"arrayProperties\":{\"size\":6}");
        await _server.UntilAsync("ListJobs", $$"""{"arrayJobId":"{{array}}"}""", r => r.GetProperty("jobSummaryList").GetArrayLength() == 4);

        (await IdsAsync($$"""{"arrayJobId":"{{array}}"}""")).Should().Equal(Enumerable.Range(0, 4).Select(i => $"{array}:{i}"), "RUNNING is the default here too");
        (await IdsAsync($$"""{"arrayJobId":"{{array}}","jobStatus":"RUNNABLE"}""")).Should().Equal($"{array}:4", $"{array}:5");
        (await IdsAsync($$"""{"arrayJobId":"{{array}}","jobStatus":"RUNNABLE","filters":[{"name":"JOB_NAME","values":["nothing"]}]}""")).Should().HaveCount(2);
        (await PagesAsync($$"""{"arrayJobId":"{{array}}"}""")).Select(j => j.GetProperty("arrayProperties").GetRawText())
            .Should().Equal("""{"index":0}""", """{"index":1}""", """{"index":2}""", """{"index":3}""");
        var parent = (await ListAsync("""{"jobQueue":"q","jobStatus":"PENDING"}""")).Single();
        parent.GetProperty("arrayProperties").GetRawText().Should().Be("""{"size":6}""");
        Members(parent).Should().NotContain("container");
        (await IdsAsync("""{"arrayJobId":"f1f1f1f1-0000-4000-8000-000000000000"}""")).Should().BeEmpty();
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "{}", OpenTexts.OneListing },
        { """{"jobQueue":"q","arrayJobId":"x"}""", OpenTexts.OneListing },
        { """{"jobQueue":"q","maxResults":0}""", OpenTexts.PageSize(1000) },
        { """{"jobQueue":"q","jobStatus":"FAILED","maxResults":1001}""", OpenTexts.PageSize(1000) },
        { """{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["x"]}],"maxResults":101}""", OpenTexts.PageSize(100) },
        { """{"jobQueue":"q","nextToken":"xyz"}""", OpenTexts.NextToken },
        { """{"jobQueue":"q","nextToken":"am9iczp4OnE="}""", OpenTexts.NextToken },
        { """{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":[]}]}""", OpenTexts.OneFilterValue },
        { """{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["x","y"]}]}""", OpenTexts.OneFilterValue },
        { """{"jobQueue":"q","filters":[{"name":"COLOUR","values":["x"]}]}""", OpenTexts.FilterName },
        { """{"jobQueue":"q","filters":[{"name":"AFTER_CREATED_AT","values":["yesterday"]}]}""", OpenTexts.FilterTime("AFTER_CREATED_AT") },
    };

    [Theory]
    [AwsRule("7.9", Evidence.Open, "exactly one of queue, array and multi-node job (DOC); a filter with one value; the largest pages")]
    [MemberData(nameof(Refused))]
    public async Task Bad_listing_is_refused(string body, string text) =>
        (await _server.CallAsync("ListJobs", body)).Message.Should().StartWith($"Error executing request, Exception : {text}, RequestId: ");

    [Theory]
    [AwsRule("7.9", Evidence.Live, "more than one filter", "Only one filter key-value pair can be specified.")]
    [InlineData("ListJobs")]
    [InlineData("ListServiceJobs")]
    public async Task More_than_one_filter_is_refused(string operation)
    {
        const string TwoFilters = """{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["x"]},{"name":"JOB_NAME","values":["y"]}]}""";

        (await _server.CallAsync(operation, TwoFilters)).Message
            .Should().StartWith("Error executing request, Exception : Only one filter key-value pair can be specified., RequestId: ");
    }

    [Theory]
    [AwsRule("7.9", Evidence.Open, "exactly one of queue, array and multi-node job (DOC); a filter with one value; the largest pages")]
    [InlineData("""{"jobQueue":"q","maxResults":1000}""")]
    [InlineData("""{"jobQueue":"q","jobStatus":"FAILED","maxResults":1000}""")]
    [InlineData("""{"jobQueue":"q","filters":[{"name":"JOB_NAME","values":["x"]}],"maxResults":100}""")]
    public async Task Largest_page_is_answered(string body) => await _server.OkAsync("ListJobs", body);

    [Fact]
    [AwsRule("7.9", Evidence.Infer, "an unknown queue, bare", "JobQueue <x> not found.")]
    public async Task Unknown_queue_is_refused() =>
        (await _server.CallAsync("ListJobs", """{"jobQueue":"nope"}""")).Message.Should().Be("JobQueue nope not found.");

    private static string Filtered(string name, string value, string status = "RUNNING") =>
        $$"""{"jobQueue":"q","jobStatus":"{{status}}","filters":[{"name":"{{name}}","values":["{{value}}"]}]}""";

    private static string Millis(long time) => time.ToString(CultureInfo.InvariantCulture);

    private static long Created(JsonElement job) => job.GetProperty("createdAt").GetInt64();

    private static IEnumerable<string> Members(JsonElement element) => element.EnumerateObject().Select(m => m.Name);

    private async Task<string> SubmitAsync(
        string name, string? runFor =
            null, int exitCode = 0, string? reason = null, int vcpus = 1, string definition = "d", string more = "")
    {
        var variables = new[] { ("SIMULATE_RUN_FOR", runFor), ("SIMULATE_EXIT_CODE", exitCode == 0 ? null : $"{exitCode}"), ("SIMULATE_REASON", reason) }
            .Where(v => v.Item2 is not null).Select(v => new { name = v.Item1, value = v.Item2 });
        var overrides = JsonSerializer.Serialize(
            new { environment = variables, resourceRequirements = new[] { new { type = "VCPU", value = $"{vcpus}" } } });
        return (await _server.OkAsync("SubmitJob", Requests.Job(name, "q", definition, $"\"containerOverrides\":{overrides}{(more.Length > 0 ? "," + more : "")}")))
            .GetProperty("jobId").GetString()!;
    }

    private async Task<List<JsonElement>> ListAsync(string body) =>
        [.. (await _server.OkAsync("ListJobs", body)).GetProperty("jobSummaryList").EnumerateArray()];

    private async Task<IEnumerable<string>> IdsAsync(string body) =>
        (await ListAsync(body)).Select(j => j.GetProperty("jobId").GetString()!);

    /// <summary>Returns a listing in pages of two.</summary>
    private async Task<List<JsonElement>> PagesAsync(string body, Func<Task>? meanwhile = null)
    {
        var listed = new List<JsonElement>();
        for (string? token = null; ;)
        {
            var page = await _server.OkAsync(
                "ListJobs", $"{body[..^1]},\"maxResults\":2{(token is null ? "" : $",\"nextToken\":\"{token}\"")}}}");
            listed.AddRange(page.GetProperty("jobSummaryList").EnumerateArray());
            page.GetProperty("jobSummaryList").GetArrayLength().Should().BeInRange(1, 2);
            if (!page.TryGetProperty("nextToken", out var next))
            {
                return listed;
            }

            token = next.GetString();
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
        }
    }

    /// <summary>Pauses the clock and returns its time in milliseconds.</summary>
    private async Task<long> PausedAtAsync() =>
        Time((await _server.SendAsync(HttpMethod.Post, "/_emulator/clock", """{"pause":true}""")).Ok());

    private async Task AdvanceAsync(string time) =>
        (await _server.SendAsync(HttpMethod.Post, "/_emulator/clock", $$"""{"advance":"{{time}}"}""")).Ok();

    private static long Time(JsonElement clock) => clock.GetProperty("now").GetDateTimeOffset().ToUnixTimeMilliseconds();
}
