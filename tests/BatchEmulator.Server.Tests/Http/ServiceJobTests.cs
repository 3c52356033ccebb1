using System.Text.Json;
using BatchEmulator.Server.Tests.Delivery;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Service environments and service jobs over the wire.</summary>
public sealed class ServiceJobTests : IAsyncLifetime
{
    private const string Prefix = "arn:aws:batch:us-east-1:000000000000:";
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Environment_is_created_described_tagged_updated_and_deleted()
    {
        (await _server.CallAsync("CreateServiceEnvironment", Requests.ServiceEnvironment("se", 5, "\"tags\":{\"a\":\"1\"}"))).Body.Should()
            .Be(
            $$"""{"serviceEnvironmentName":"se","serviceEnvironmentArn":"{{Prefix}}service-environment/se"}""");
        await UntilStatusAsync("VALID");
        var shown = await _server.OkAsync("DescribeServiceEnvironments", $$"""{"serviceEnvironments":["{{Prefix}}service-environment/se","unknown"]}""");
        shown.GetRawText().Should().Be(
            $$$"""
            {"serviceEnvironments":[{"serviceEnvironmentName":"se","serviceEnvironmentArn":"{{{Prefix}}}service-environment/se","serviceEnvironmentType":"SAGEMAKER_TRAINING","state":"ENABLED","status":"VALID","capacityLimits":[{"maxCapacity":5,"capacityUnit":"NUM_INSTANCES"}],"tags":{"a":"1"}}]}
            """);
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}service-environment/se")).Body.Should().Be("""{"tags":{"a":"1"}}""");

        await _server.OkAsync("UpdateServiceEnvironment", """{"serviceEnvironment":"se","state":"DISABLED","capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":7}]}""");
        await UntilStatusAsync("VALID");
        await _server.RestartAsync();
        (await DescribeEnvironmentAsync())
            .GetProperty("serviceEnvironments")[0]
            .GetProperty("capacityLimits")[0]
            .GetProperty("maxCapacity")
            .GetInt32()
            .Should()
            .Be(7);
        (await _server.CallAsync("DeleteServiceEnvironment", """{"serviceEnvironment":"se"}""")).Body.Should().Be("{}");
        await _server.UntilAsync("DescribeServiceEnvironments", "{}", r => r.GetProperty("serviceEnvironments").GetArrayLength() == 0);
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}service-environment/se")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Pages_of_environments_join_to_the_whole()
    {
        foreach (var name in new[] { "c", "a", "b" })
        {
            await _server.OkAsync("CreateServiceEnvironment", Requests.ServiceEnvironment(name));
        }

        var first = await _server.OkAsync("DescribeServiceEnvironments", """{"maxResults":2}""");
        var second = await _server.OkAsync("DescribeServiceEnvironments", $$"""{"maxResults":2,"nextToken":"{{first.GetProperty("nextToken").GetString()}}"}""");

        first.GetProperty("serviceEnvironments").EnumerateArray().Concat(second.GetProperty("serviceEnvironments").EnumerateArray())
            .Select(e => e.GetProperty("serviceEnvironmentName").GetString()).Should().Equal("c", "a", "b");
        (await _server.CallAsync("DescribeServiceEnvironments", """{"maxResults":2,"serviceEnvironments":["a"]}""")).Message.Should()
            .Contain("ServiceEnvironments and MaxResults cannot both be set");
    }

    [Fact]
    public async Task Job_runs_to_its_end_and_is_shown_as_a_service_job()
    {
        await _server.CreateServiceQueueAsync("sq");
        var submitted = await _server.OkAsync("SubmitServiceJob", Requests.ServiceJob("train", "sq", """{"SIMULATE_OUTPUT":"epoch 1"}""", "\"tags\":{\"a\":\"1\"}"));
        var id = submitted.GetProperty("jobId").GetString()!;
        submitted.GetRawText().Should().Be($$"""{"jobArn":"{{Prefix}}service-job/{{id}}","jobName":"train","jobId":"{{id}}"}""");

        var job = await UntilAsync(id, "SUCCEEDED");
        await _server.RestartAsync();

        (await DescribeAsync($"{Prefix}service-job/{id}")).GetRawText().Should()
            .Be(job.GetRawText(), "an ARN will do, as the SageMaker SDK has it, and nothing is lost");
        job.EnumerateObject().Select(m => m.Name).Should().BeEquivalentTo(
            "attempts", "createdAt", "jobArn", "jobId", "jobName", "jobQueue", "latestAttempt", "scheduledAt", "serviceRequestPayload",
            "serviceJobType", "startedAt", "status", "statusReason", "stoppedAt", "tags");
        job.GetProperty("statusReason").GetString().Should().Be("Received status from SageMaker: Training job completed");
        job.GetProperty("tags").GetRawText().Should().Be("""{"a":"1"}""");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}service-job/{id}")).Body.Should().Be("""{"tags":{"a":"1"}}""");
        var resource = job.GetProperty("latestAttempt").GetProperty("serviceResourceId");
        resource.GetProperty("name").GetString().Should().Be("TrainingJobArn");
        var trainingJob = resource.GetProperty("value").GetString()!.Split('/')[1];
        var streams = (await _server.CallLogsAsync("DescribeLogStreams", $$"""{"logGroupName":"/aws/sagemaker/TrainingJobs","logStreamNamePrefix":"{{trainingJob}}"}""")).Ok();
        var stream = streams.GetProperty("logStreams").EnumerateArray().Single().GetProperty("logStreamName").GetString();
        stream.Should().StartWith($"{trainingJob}/algo-1-");
        (await _server.CallLogsAsync("GetLogEvents", $$"""{"logGroupName":"/aws/sagemaker/TrainingJobs","logStreamName":"{{stream}}"}""")).Body.Should().Contain("epoch 1");
    }

    [Fact]
    public async Task Jobs_are_listed_by_status_and_by_filter()
    {
        await _server.CreateServiceQueueAsync("sq", instances: 1);
        var running = await SubmitAsync("Alpha", """{"SIMULATE_HOLD":"RUNNING"}""");
        var waiting = await SubmitAsync("alphabet", "{}");
        var other = await SubmitAsync("beta", "{}");
        var again = await SubmitAsync("alpha", "{}");
        await UntilAsync(running, "RUNNING");

        async Task<IEnumerable<string?>> ListAsync(string more) =>
            (await _server.OkAsync("ListServiceJobs", $$"""{"jobQueue":"sq"{{more}}}""")).GetProperty("jobSummaryList").EnumerateArray().Select(j => j.GetProperty("jobId").GetString());
        static string Filter(string name, object value) => $$""", "filters":[{"name":"{{name}}","values":["{{value}}"]}]""";
        (await ListAsync("")).Should().Equal(running);
        (await ListAsync(", \"jobStatus\":\"RUNNABLE\"")).Should().Equal(again, other, waiting);
        (await ListAsync(", \"jobStatus\":\"SCHEDULED\"")).Should().BeEmpty();
        (await ListAsync(Filter("JOB_NAME", "ALPHA*")))
            .Should().Equal([again, running, waiting], "they are grouped by name (API Reference, ListServiceJobs, filters)");
        (await ListAsync(Filter("AFTER_CREATED_AT", 0))).Should().Equal(again, other, waiting, running);
        (await ListAsync(Filter("BEFORE_CREATED_AT", 0))).Should().BeEmpty();
        (await ListAsync(Filter("SHARE_IDENTIFIER", "a"))).Should().BeEmpty();
        (await ListAsync(Filter("QUOTA_SHARE_NAME", "a"))).Should().BeEmpty();
        var page = await _server.OkAsync("ListServiceJobs", $$"""{"jobQueue":"sq","maxResults":2{{Filter("AFTER_CREATED_AT", 0)}}}""");
        var token = page.GetProperty("nextToken").GetString();
        (await ListAsync($", \"maxResults\":2, \"nextToken\":\"{token}\"{Filter("AFTER_CREATED_AT", 0)}")).Should().Equal(waiting, running);
        (await _server.CallAsync("ListServiceJobs", $$"""{"jobQueue":"sq"{{Filter("JOB_DEFINITION", "a")}}}""")).Message.Should().Contain("Filter name is not valid");
        (await _server.CallAsync("ListServiceJobs", "{}")).Message.Should().Contain("jobQueue must be provided.");
        (await _server.CallAsync("ListServiceJobs", """{"jobQueue":"nope"}""")).Message.Should().Contain("JobQueue nope not found.");
    }

    [Fact]
    public async Task Container_jobs_and_service_jobs_do_not_see_each_other()
    {
        await _server.CreateServiceQueueAsync("sq");
        await _server.CreateQueueAsync("work");
        await _server.RegisterAsync("d");
        var service = await SubmitAsync("train", """{"SIMULATE_HOLD":"RUNNING"}""");
        var container = await _server.SubmitAsync("work", "d");
        await UntilAsync(service, "RUNNING");

        (await _server.OkAsync("DescribeJobs", $$"""{"jobs":["{{service}}"]}""")).GetProperty("jobs").GetArrayLength().Should().Be(0);
        (await _server.CallAsync("DescribeServiceJob", $$"""{"jobId":"{{container}}"}""")).Message.Should().Contain($"Service job {container} not found.");
        (await _server.OkAsync("ListJobs", """{"jobQueue":"sq"}""")).GetProperty("jobSummaryList").GetArrayLength().Should().Be(0);
        (await _server.OkAsync("ListServiceJobs", """{"jobQueue":"work","jobStatus":"SUCCEEDED"}""")).GetProperty("jobSummaryList").GetArrayLength().Should().Be(0);
        (await _server.CallAsync("SubmitJob", Requests.Job("j", "sq", "d"))).Message.Should().Contain("use SubmitServiceJob");
        (await _server.CallAsync("SubmitServiceJob", Requests.ServiceJob("j", "work"))).Message.Should().Contain("SAGEMAKER_TRAINING");
        (await _server.ControlAsync("info")).GetProperty("counts").GetProperty("serviceEnvironments").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task Used_token_is_refused_after_the_end_of_its_job_and_after_a_restart()
    {
        await _server.CreateServiceQueueAsync("sq");
        var request = Requests.ServiceJob("train", "sq", "{}", "\"clientToken\":\"once\"");
        var id = (await _server.OkAsync("SubmitServiceJob", request)).GetProperty("jobId").GetString()!;
        await UntilAsync(id, "SUCCEEDED");
        await _server.RestartAsync();

        (await _server.CallAsync("SubmitServiceJob", request)).Should()
            .Match<WireReply>(r => r.Status == 400 && r.Message.Contains("clientToken"));
    }

    /// <summary>Queues that run service jobs (docs/aws-behaviour.md, section 7.3), under a clock that is moved.</summary>
    [Fact]
    [Trait("Section", "7.3")]
    public async Task Time_limit_of_a_service_queue_terminates_jobs_without_capacity()
    {
        await _server.CreateServiceQueueAsync("sq", more: """
            "jobStateTimeLimitActions":[{"state":"RUNNABLE","action":"TERMINATE","reason":"CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY","maxTimeSeconds":14400}]
            """);
        await _server.ClockAsync("""{"pause":true}""");
        var id = await SubmitAsync("train", """{"SIMULATE_FAIL_TO_START":"CapacityError: no instances","SIMULATE_START_AFTER":"10m"}""");
        await _server.ClockAsync("""{"advance":"10m"}""");
        (await DescribeAsync(id)).Should().Match<JsonElement>(j =>
            j.GetProperty("status").GetString() == "RUNNABLE" && j.GetProperty("attempts").GetArrayLength() == 0
            && j.GetProperty("statusReason")
                .GetString() == "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Unable to provision requested compute resources");

        await _server.ClockAsync("""{"advance":"4h"}""");

        var job = await DescribeAsync(id);
        job.GetProperty("status").GetString().Should().Be("FAILED");
        job.GetProperty("statusReason").GetString().Should()
            .Be("Terminated by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY");
        var waited = job.GetProperty("stoppedAt").GetInt64() - job.GetProperty("createdAt").GetInt64();
        waited.Should().BeInRange(14_400_000, 14_400_000 + (11 * 60_000), "the limit counts when the job is RUNNABLE");
    }

    [Fact]
    public async Task Changes_are_reported_without_tags_and_payload()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (200, ""));
        await using var server = await TestServer.StartAsync(("events-webhook", receiver.Url));
        await server.CreateServiceQueueAsync("sq", instances: 1);
        var id = (await server.OkAsync("SubmitServiceJob", Requests.ServiceJob("train", "sq"))).GetProperty("jobId").GetString()!;
        await receiver.UntilAsync(accepted => accepted.Count == 5);
        await server.OkAsync("SubmitServiceJob", Requests.ServiceJob("large", "sq", instances: 2));
        await receiver.UntilAsync(accepted => accepted.Count == 7);

        var events = receiver.Accepted.Select(r => JsonDocument.Parse(r.Body).RootElement).ToList();
        var details = events.Select(e => e.GetProperty("detail")).ToList();
        details.Select(d => d.GetProperty("status").GetString()).Should()
            .Equal("RUNNABLE", "SCHEDULED", "STARTING", "RUNNING", "SUCCEEDED", "RUNNABLE", "RUNNABLE");
        events.Select(e => e.GetProperty("detail-type").GetString()).Should().Equal(
            [.. Enumerable.Repeat("Batch Service Job State Change", 6), "Batch Service Job Queue Blocked"]);
        events[0].GetProperty("resources").EnumerateArray().Single().GetString().Should().Be($"{Prefix}service-job/{id}");
        events[^1].GetProperty("resources").GetArrayLength().Should().Be(1);
        details.SelectMany(d => d.EnumerateObject()).Select(m => m.Name).Should().NotContain(["tags", "serviceRequestPayload"]);
        details[0].TryGetProperty("startedAt", out _).Should().BeFalse("it never started");
        details[^1].GetProperty("statusReason").GetString().Should().StartWith("MISCONFIGURATION:SERVICE_ENVIRONMENT_MAX_RESOURCE - ");
    }

    private async Task<string> SubmitAsync(string name, string environment) =>
        (await _server.OkAsync("SubmitServiceJob", Requests.ServiceJob(name, "sq", environment))).GetProperty("jobId").GetString()!;

    private Task<JsonElement> DescribeAsync(string id) => _server.OkAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""");

    private Task<JsonElement> UntilAsync(string id, string status) =>
        _server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", j => j.GetProperty("status").GetString() == status);

    private Task<JsonElement> DescribeEnvironmentAsync() =>
        _server.OkAsync("DescribeServiceEnvironments", """{"serviceEnvironments":["se"]}""");

    private Task UntilStatusAsync(string status) => _server.UntilAsync(
        "DescribeServiceEnvironments", """{"serviceEnvironments":["se"]}""", r => r.GetProperty("serviceEnvironments")[0].GetProperty("status").GetString() == status);
}
