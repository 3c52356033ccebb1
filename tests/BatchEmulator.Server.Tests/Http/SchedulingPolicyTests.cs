using System.Text.Json;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Scheduling policies over the wire, and queues that use them.</summary>
public sealed class SchedulingPolicyTests : IAsyncLifetime
{
    private const string Prefix = "arn:aws:batch:us-east-1:000000000000:scheduling-policy/";
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(("capacity", "vcpus"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Policy_is_created_described_tagged_updated_and_deleted()
    {
        (await _server.CallAsync("CreateSchedulingPolicy", """
            {"name":"p","tags":{"a":"1"},"fairsharePolicy":{"shareDecaySeconds":3600,"shareDistribution":[{"shareIdentifier":"User*","weightFactor":0.1}]}}
            """)).Body.Should().Be($$"""{"name":"p","arn":"{{Prefix}}p"}""");

        var shown = await _server.OkAsync("DescribeSchedulingPolicies", $$"""{"arns":["{{Prefix}}p","{{Prefix}}unknown","not an arn"]}""");
        shown.GetRawText().Should().Be(
            $$$"""{"schedulingPolicies":[{"name":"p","arn":"{{{Prefix}}}p","fairsharePolicy":{"shareDecaySeconds":3600,"shareDistribution":[{"shareIdentifier":"User*","weightFactor":0.1}]},"tags":{"a":"1"}}]}""");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}p")).Body.Should().Be("""{"tags":{"a":"1"}}""");

        (await _server.CallAsync("UpdateSchedulingPolicy", $$$"""{"arn":"{{{Prefix}}}p","fairsharePolicy":{"computeReservation":5}}""")).Body.Should().Be("{}");
        await _server.RestartAsync();
        shown = await _server.OkAsync("DescribeSchedulingPolicies", $$"""{"arns":["{{Prefix}}p"]}""");
        shown.GetProperty("schedulingPolicies")[0].GetProperty("fairsharePolicy").GetRawText().Should().Be("""{"computeReservation":5,"shareDistribution":[]}""");

        (await _server.CallAsync("DeleteSchedulingPolicy", $$"""{"arn":"{{Prefix}}p"}""")).Body.Should().Be("{}");
        (await _server.OkAsync("ListSchedulingPolicies", "{}")).GetRawText().Should().Be("""{"schedulingPolicies":[]}""");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}p")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Pages_of_policies_join_to_the_whole()
    {
        foreach (var name in new[] { "c", "a", "b" })
        {
            await _server.OkAsync("CreateSchedulingPolicy", $$"""{"name":"{{name}}"}""");
        }

        var first = await _server.OkAsync("ListSchedulingPolicies", """{"maxResults":2}""");
        var second = await _server.OkAsync("ListSchedulingPolicies", $$"""{"maxResults":2,"nextToken":"{{first.GetProperty("nextToken").GetString()}}"}""");

        Arns(first).Concat(Arns(second)).Should().Equal($"{Prefix}c", $"{Prefix}a", $"{Prefix}b");
        second.TryGetProperty("nextToken", out _).Should().BeFalse();
        var tooMany = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"{Prefix}{i}\""));
        (await _server.CallAsync("DescribeSchedulingPolicies", $$"""{"arns":[{{tooMany}}]}""")).Message.Should().Contain("Maximum number of scheduling policies supported is  100");
    }

    [Fact]
    public async Task Jobs_of_shares_take_turns_also_after_a_restart()
    {
        await _server.CreateQueueAsync("ce", maxvCpus: 1);
        await _server.OkAsync("CreateSchedulingPolicy", """{"name":"p"}""");
        await _server.OkAsync(
            "CreateJobQueue", $$"""{"jobQueueName":"q","priority":1,"schedulingPolicyArn":"{{Prefix}}p","computeEnvironmentOrder":[{"order":1,"computeEnvironment":"ce"}]}""");
        var queue = await _server.UntilAsync("DescribeJobQueues", """{"jobQueues":["q"]}""", r => r.GetProperty("jobQueues")[0].GetProperty("status").GetString() == "VALID");
        queue.GetProperty("jobQueues")[0].GetProperty("schedulingPolicyArn").GetString().Should().Be($"{Prefix}p");
        await _server.RegisterAsync("d");
        await _server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", """{"rules":[{"hold":"RUNNING"}]}""");
        var held = await SubmitAsync("a");
        await _server.WaitForAsync(held, "RUNNING");
        var (second, other) = (await SubmitAsync("a"), await SubmitAsync("b"));

        await _server.RestartAsync();
        await _server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", """{"rules":[]}""");
        await _server.WaitForAsync(other, "SUCCEEDED");
        await _server.WaitForAsync(second, "SUCCEEDED");

        (await StartOf(other)).Should().BeLessThanOrEqualTo(await StartOf(second));
        var shown = await _server.DescribeAsync(other);
        (shown.GetProperty("shareIdentifier").GetString(), shown.GetProperty("schedulingPriority").GetInt32()).Should().Be(("b", 3));
        var listed = await _server.OkAsync("ListJobs", """{"jobQueue":"q","jobStatus":"SUCCEEDED","filters":[{"name":"SHARE_IDENTIFIER","values":["b"]}]}""");
        listed.GetProperty("jobSummaryList").EnumerateArray().Select(j => j.GetProperty("jobId").GetString()).Should().Equal(other);
    }

    private static IEnumerable<string?> Arns(JsonElement page) =>
        page.GetProperty("schedulingPolicies").EnumerateArray().Select(p => p.GetProperty("arn").GetString());

    private Task<string> SubmitAsync(string share) =>
        _server.SubmitAsync("q", "d", $"\"shareIdentifier\":\"{share}\",\"schedulingPriorityOverride\":3");

    private async Task<long> StartOf(string job) => (await _server.DescribeAsync(job)).GetProperty("startedAt").GetInt64();
}
