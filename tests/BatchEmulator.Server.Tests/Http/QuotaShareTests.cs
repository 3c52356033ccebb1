using System.Text.Json;
using BatchEmulator.Server.Tests.Delivery;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Quota shares over the wire.</summary>
public sealed class QuotaShareTests : IAsyncLifetime
{
    private const string Queue = "arn:aws:batch:us-east-1:000000000000:job-queue/qq";
    private EventReceiver _receiver = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync(_ => (200, ""));
        _server = await TestServer.StartAsync(("events-webhook", _receiver.Url), ("resource-delay", "0"));
        await _server.OkAsync("CreateServiceEnvironment", """
            {"serviceEnvironmentName":"qe","serviceEnvironmentType":"SAGEMAKER_TRAINING",
            "capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":2}]}
            """);
        var policy = (await _server.OkAsync(
            "CreateSchedulingPolicy", """{"name":"p","quotaSharePolicy":{"idleResourceAssignmentStrategy":"FIFO"}}""")).GetProperty("arn").GetString();
        await _server.OkAsync("CreateJobQueue", $$"""
            {"jobQueueName":"qq","jobQueueType":"SAGEMAKER_TRAINING","priority":1,"schedulingPolicyArn":"{{policy}}",
            "serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"qe"}]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Share_is_created_described_listed_tagged_updated_and_deleted()
    {
        var arn = await ShareAsync("a", "RESERVE", "\"tags\":{\"a\":\"1\"}");
        arn.Should().Be($"{Queue}/quota-share/a");
        await _server.RestartAsync();

        (await DescribeShareAsync(arn)).GetRawText().Should().Be(
            $$$"""{"quotaShareName":"a","quotaShareArn":"{{{arn}}}","jobQueueArn":"{{{Queue}}}","capacityLimits":[{"maxCapacity":1,"capacityUnit":"ml.m5.large"}],"resourceSharingConfiguration":{"strategy":"RESERVE"},"preemptionConfiguration":{"inSharePreemption":"ENABLED"},"state":"ENABLED","status":"VALID","tags":{"a":"1"}}""");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{arn}")).Body.Should().Be("""{"tags":{"a":"1"}}""");
        (await _server.OkAsync("ListQuotaShares", """{"jobQueue":"qq"}""")).GetProperty("quotaShares")[0].TryGetProperty("tags", out _).Should()
            .BeFalse("the model has no tags in lists");
        (await _server.OkAsync("UpdateQuotaShare", $$"""{"quotaShareArn":"{{arn}}","state":"DISABLED"}""")).GetRawText().Should()
            .Be($$"""{"quotaShareName":"a","quotaShareArn":"{{arn}}"}""");
        (await _server.CallAsync("DeleteQuotaShare", $$"""{"quotaShareArn":"{{arn}}"}""")).Body.Should().Be("{}");
        (await _server.OkAsync("ListQuotaShares", """{"jobQueue":"qq"}""")).GetProperty("quotaShares").GetArrayLength().Should().Be(0);
        (await _server.CallAsync("DescribeQuotaShare", $$"""{"quotaShareArn":"{{arn}}"}""")).Message.Should().Contain($"QuotaShare {arn} not found.");
    }

    [Fact]
    [AwsRule("10", Evidence.Doc, "events of a preemption: Batch Service Job Preemption Started, Batch Service Job Preemption Completed")]
    public async Task Lent_capacity_is_taken_back_and_events_tell_it()
    {
        await ShareAsync("lends", "LEND");
        await ShareAsync("borrows", "LEND_AND_BORROW");
        var kept = await SubmitAsync("borrows", """{"SIMULATE_RUN_FOR":"1h"}""");
        var victim = await SubmitAsync("borrows", """{"SIMULATE_RUN_FOR":"1h"}""");
        await UntilAsync(kept, "RUNNING");
        await UntilAsync(victim, "RUNNING");
        await UtilizationAsync("borrows", 2);

        var own = await SubmitAsync("lends", """{"SIMULATE_RUN_FOR":"1h"}""");
        await UntilAsync(own, "RUNNING");

        var preempted = await UntilAsync(victim, "RUNNABLE");
        preempted.GetProperty("attempts").GetArrayLength().Should().Be(0);
        var summary = preempted.GetProperty("preemptionSummary");
        summary.GetProperty("preemptedAttemptCount").GetInt32().Should().Be(1);
        summary.GetProperty("recentPreemptedAttempts")[0].GetProperty("statusReason").GetString().Should()
            .Be("Cross-share preemption triggered to reclaim borrowed capacity");
        await _receiver.UntilAsync(accepted => EventsOf(accepted, victim).Exists(e => TypeOf(e) == "Batch Service Job Preemption Completed"));
        var events = EventsOf(_receiver.Accepted, victim);
        events.Select(e => (TypeOf(e).Replace("Batch Service Job ", ""), Detail(e, "status"))).Should().Equal(
            ("State Change", "RUNNABLE"), ("State Change", "SCHEDULED"), ("State Change", "STARTING"), ("State Change", "RUNNING"),
            ("Preemption Started", "RUNNING"), ("State Change", "RUNNABLE"), ("Preemption Completed", "RUNNABLE"));
        Detail(events[4], "statusReason").Should()
            .Be("PREEMPTION_IN_PROGRESS: Cross-share preemption triggered to reclaim borrowed capacity");
        Detail(events[6], "preemptedJobArn").Should().Be(preempted.GetProperty("jobArn").GetString());
        events[6].GetProperty("detail").GetProperty("preemptionSummary").GetRawText().Should().Be(summary.GetRawText());
        var why = (await _server.ControlAsync($"explain/{victim}")).GetProperty("sentences").EnumerateArray().Select(s => s.GetString());
        why.Should().Contain(s => s!.Contains("next job of quota share borrows of queue qq")).And.Contain(s => s!.Contains("1 of 1 ml.m5.large"));
        var metrics = (await _server.SendAsync(HttpMethod.Get, "/_emulator/metrics")).Body;
        metrics.Should().Contain(
            "batch_emulator_quota_share_instances{account=\"000000000000\",region=\"us-east-1\",queue=\"qq\",quota_share=\"borrows\",instance_type=\"ml.m5.large\"} 1\n");
    }

    private static List<JsonElement> EventsOf(IEnumerable<ReceivedRequest> accepted, string jobId) =>
    [
        .. accepted.Select(r => JsonDocument.Parse(r.Body).RootElement)
            .Where(e => e.GetProperty("resources")[0].GetString()!.EndsWith(jobId, StringComparison.Ordinal)),
    ];

    private static string TypeOf(JsonElement @event) => @event.GetProperty("detail-type").GetString()!;

    private static string? Detail(JsonElement @event, string member) => @event.GetProperty("detail").GetProperty(member).GetString();

    private async Task UtilizationAsync(string share, double instances)
    {
        var snapshot = await _server.OkAsync("GetJobQueueSnapshot", """{"jobQueue":"qq"}""");
        var used = snapshot.GetProperty("queueUtilization").GetProperty("quotaShareUtilization").GetProperty("topCapacityUtilization")[0];
        used.GetProperty("quotaShareName").GetString().Should().Be(share);
        used.GetProperty("capacityUsage")[0].GetProperty("quantity").GetDouble().Should().Be(instances);
    }

    private async Task<string> ShareAsync(string name, string strategy, string more = "\"state\":\"ENABLED\"") =>
        (await _server.OkAsync("CreateQuotaShare", $$$"""
            {"quotaShareName":"{{{name}}}","jobQueue":"qq","capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":1}],
            "resourceSharingConfiguration":{"strategy":"{{{strategy}}}"},"preemptionConfiguration":{"inSharePreemption":"ENABLED"},{{{more}}}}
            """)).GetProperty("quotaShareArn").GetString()!;

    private async Task<string> SubmitAsync(string share, string environment) => (await _server.OkAsync(
        "SubmitServiceJob", Requests.ServiceJob("train", "qq", environment, $"\"quotaShareName\":\"{share}\""))).GetProperty("jobId").GetString()!;

    private Task<JsonElement> DescribeShareAsync(string arn) => _server.OkAsync("DescribeQuotaShare", $$"""{"quotaShareArn":"{{arn}}"}""");

    private Task<JsonElement> UntilAsync(string id, string status) =>
        _server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", j => j.GetProperty("status").GetString() == status);
}
