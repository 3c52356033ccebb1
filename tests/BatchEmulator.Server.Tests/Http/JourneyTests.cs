using System.Text.Json;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Journeys over the wire, with exact members (docs/aws-behaviour.md, sections 1.3, 1.5, 7.4, 7.5 and 7.10).</summary>
public sealed class JourneyTests : IAsyncLifetime
{
    private static readonly string[] JobMembers =
    [
        "jobArn", "jobName", "jobId", "jobQueue", "status", "attempts", "statusReason", "createdAt", "startedAt", "stoppedAt",
        "dependsOn", "jobDefinition", "parameters", "container", "tags", "platformCapabilities", "eksAttempts",
    ];

    private static readonly string[] ContainerMembers =
    [
        "image", "command", "volumes", "environment", "mountPoints", "ulimits", "exitCode", "containerInstanceArn", "taskArn", "logStreamName",
        "networkInterfaces", "resourceRequirements", "secrets",
    ];

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.CreateQueueAsync("q");
        await _server.RegisterAsync("d", "busybox", "true");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [AwsRule("7.4", Evidence.Rec, "the members of an attempt and of its container")]
    [AwsRule("7.5", Evidence.Rec, "job")]
    public async Task Finished_job_has_exactly_the_members_of_aws()
    {
        var job = await _server.WaitForAsync(await _server.SubmitAsync("q", "d"), "SUCCEEDED");

        Members(job).Should().BeEquivalentTo(JobMembers);
        Members(job.GetProperty("container")).Should().BeEquivalentTo(ContainerMembers);
        Members(job.GetProperty("attempts")[0]).Should().BeEquivalentTo("container", "startedAt", "stoppedAt", "statusReason");
        Members(job.GetProperty("attempts")[0].GetProperty("container"))
            .Should().BeEquivalentTo("containerInstanceArn", "taskArn", "exitCode", "logStreamName", "networkInterfaces");
        job.GetProperty("container").GetProperty("taskArn").GetString().Should()
            .MatchRegex("^arn:aws:ecs:us-east-1:000000000000:task/AWSBatch-q-[0-9a-f-]{36}/[0-9a-f]{32}$");
    }

    [Fact]
    [AwsRule("7.1", Evidence.Rec, "task, container instance and log stream from STARTING, start from RUNNING")]
    [AwsRule("7.5", Evidence.Rec, "job")]
    public async Task Waiting_job_has_no_runtime_members()
    {
        await _server.CreateQueueAsync("narrow", maxvCpus: 1);
        var held = "\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"600\"}]}";
        await _server.SubmitAsync("narrow", "d", held);

        var job = await _server.DescribeAsync(await _server.SubmitAsync("narrow", "d", "\"timeout\":{\"attemptDurationSeconds\":60}"));

        Members(job).Should().BeEquivalentTo([.. JobMembers.Except(["statusReason", "startedAt", "stoppedAt"]), "timeout"]);
        Members(job.GetProperty("container")).Should().BeEquivalentTo(
            ContainerMembers.Except(["exitCode", "containerInstanceArn", "taskArn", "logStreamName"]));
        job.GetProperty("status").GetString().Should().Be("RUNNABLE");
    }

    [Theory]
    [InlineData("DescribeComputeEnvironments", """{"computeEnvironments":["q"],"maxResults":1}""", "ComputeEnvironments and MaxResults cannot both be set")]
    [InlineData("DescribeJobQueues", """{"jobQueues":["q"],"maxResults":1}""", "JobQueues and MaxResults cannot both be set")]
    [AwsRule("5.1", Evidence.Live, "references and maxResults", "JobDefinitions and MaxResults cannot both be set")]
    [InlineData("DescribeJobDefinitions", """{"jobDefinitions":["d:1"],"maxResults":1}""", "JobDefinitions and MaxResults cannot both be set")]
    public async Task Bad_listings_are_refused(string operation, string body, string text) =>
        (await _server.CallAsync(operation, body)).Message.Should().StartWith($"Error executing request, Exception : {text}");

    [Fact]
    [AwsRule("7.10", Evidence.Live, "at most 100 ids", "Maximum number of jobs supported is  100 .")]
    public async Task More_than_a_hundred_ids_are_refused_and_unknown_ones_left_out()
    {
        (await _server.CallAsync("DescribeJobs", $$"""{"jobs":[{{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"{i}\""))}}]}""")).Message
            .Should().Contain("Exception : Maximum number of jobs supported is  100 .,");
        (await _server.OkAsync("DescribeJobs", """{"jobs":["unknown","a:1","a#1",""]}""")).GetProperty("jobs").GetArrayLength().Should().Be(0);
        (await _server.OkAsync("DescribeJobs", $$"""{"jobs":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"{i}\""))}}]}""")).GetProperty("jobs").GetArrayLength().Should().Be(0);
        (await _server.OkAsync("DescribeJobQueues", """{"jobQueues":["unknown"]}""")).GetProperty("jobQueues").GetArrayLength().Should().Be(0);
    }

    [Fact]
    [AwsRule("7.5", Evidence.Rec, "array parent and child")]
    public async Task Array_and_its_children_are_shown_and_listed()
    {
        var id = await _server.SubmitAsync("q", "d", "\"arrayProperties\":{\"size\":3}");
        var parent = await _server.WaitForAsync(id, "SUCCEEDED");

        Members(parent).Should().BeEquivalentTo([.. JobMembers.Except(["statusReason", "startedAt", "stoppedAt"]), "arrayProperties"]);
        Members(parent.GetProperty("arrayProperties")).Should().BeEquivalentTo("size", "statusSummary", "statusSummaryLastUpdatedAt");
        var child = await _server.DescribeAsync($"{id}:2");
        child.GetProperty("arrayProperties").GetRawText().Should().Be("""{"statusSummary":{},"index":2}""");
        var children = await ListAsync($$"""{"arrayJobId":"{{id}}","jobStatus":"SUCCEEDED"}""");
        children.Select(c => c.GetProperty("jobId").GetString()).Should().Equal($"{id}:0", $"{id}:1", $"{id}:2");
        (await ListAsync("""{"jobQueue":"q","jobStatus":"SUCCEEDED"}""")).Should().ContainSingle("children are not listed with the queue")
            .Which.GetProperty("arrayProperties").GetRawText().Should().Be("""{"size":3}""");
    }

    [Fact]
    [AwsRule("7.10", Evidence.Doc, "jobs and children together; unknown ones are left out")]
    public async Task Jobs_and_children_are_described_together()
    {
        var job = await _server.SubmitAsync("q", "d");
        var array = await _server.SubmitAsync("q", "d", "\"arrayProperties\":{\"size\":2}");

        var described = await _server.OkAsync("DescribeJobs", $$"""{"jobs":["{{array}}:1","unknown","{{job}}","{{array}}","{{array}}:7","{{job}}"]}""");

        described.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("jobId").GetString()).Should()
            .BeEquivalentTo($"{array}:1", job, array);
    }

    [Fact]
    public async Task Arn_of_a_job_lists_its_children()
    {
        var id = await _server.SubmitAsync("q", "d", "\"arrayProperties\":{\"size\":2}");
        var parent = await _server.WaitForAsync(id, "SUCCEEDED");

        var children = await ListAsync($$"""{"arrayJobId":"{{parent.GetProperty("jobArn").GetString()}}","jobStatus":"SUCCEEDED"}""");

        children.Should().HaveCount(2);
    }

    [Fact]
    [AwsRule("6.1", Evidence.Doc, "the answer has jobArn, jobName, jobId")]
    public async Task Answer_of_a_submission_has_three_members()
    {
        var answer = await _server.OkAsync("SubmitJob", Requests.Job("j", "q", "d"));

        Members(answer).Should().BeEquivalentTo("jobArn", "jobName", "jobId");
    }

    [Fact]
    public async Task Everything_outlives_a_restart()
    {
        var done = await _server.SubmitAsync("q", "d");
        var before = await _server.WaitForAsync(done, "SUCCEEDED");
        var array = await _server.SubmitAsync("q", "d", "\"arrayProperties\":{\"size\":2}");
        await _server.WaitForAsync(array, "SUCCEEDED");

        await _server.RestartAsync();

        (await _server.DescribeAsync(done)).GetRawText().Should().Be(before.GetRawText());
        (await _server.DescribeAsync($"{array}:1")).GetProperty("status").GetString().Should().Be("SUCCEEDED");
        await _server.WaitForAsync(await _server.SubmitAsync("q", "d"), "SUCCEEDED");
    }

    private async Task<List<JsonElement>> ListAsync(string body) =>
        [.. (await _server.OkAsync("ListJobs", body)).GetProperty("jobSummaryList").EnumerateArray()];

    private static IEnumerable<string> Members(JsonElement element) => element.EnumerateObject().Select(m => m.Name);
}
