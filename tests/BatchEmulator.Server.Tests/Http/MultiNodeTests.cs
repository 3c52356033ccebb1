using System.Text.Json;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Multi-node parallel jobs over the wire (docs/aws-behaviour.md, sections 1.3, 2, 7.5, 7.8 and 7.9).</summary>
[Trait("Section", "7.8")]
[Trait("Section", "7.10")]
public sealed class MultiNodeTests : IAsyncLifetime
{
    private const string Run =
        "\"nodeOverrides\":{\"nodePropertyOverrides\":[{\"targetNodes\":\"0\",\"containerOverrides\":{\"environment\":"
        + "[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"600\"}]}},{\"targetNodes\":\"1:\",\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"600\"}]}}]}";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.CreateQueueAsync("q");
        const string container = """{"image":"i","command":["Ref::what"],"vcpus":1,"memory":16}""";
        await _server.OkAsync(
            "RegisterJobDefinition",
            $$$"""
            {"jobDefinitionName":"n","type":"multinode","parameters":{"what":"work"},"nodeProperties":{"numNodes":3,"mainNode":0,"nodeRangeProperties":[
            {"targetNodes":"0","container":{{{container}}}},{"targetNodes":"1:","container":{{{container}}}}]}}
            """);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [AwsRule("7.5", Evidence.Rec, "multi-node parallel job and node")]
    public async Task Job_and_node_have_exactly_the_members_of_aws()
    {
        var id = await _server.SubmitAsync("q", "n");
        var job = await _server.WaitForAsync(id, "SUCCEEDED");

        Members(job).Should().BeEquivalentTo(
            "jobArn", "jobName", "jobId", "jobQueue", "status", "attempts", "statusReason", "createdAt", "startedAt", "stoppedAt", "dependsOn",
            "jobDefinition", "parameters", "nodeProperties", "tags", "platformCapabilities", "eksAttempts");
        Members(job.GetProperty("attempts")[0].GetProperty("container")).Should()
            .BeEquivalentTo("exitCode", "logStreamName", "networkInterfaces");
        job.GetProperty("nodeProperties")
            .GetProperty("nodeRangeProperties")[1]
            .GetProperty("container")
            .GetProperty("command")[0]
            .GetString()
            .Should()
            .Be("work");

        var node = await _server.DescribeAsync($"{id}#0");
        Members(node).Should().BeEquivalentTo(
            "jobArn", "jobName", "jobId", "jobQueue", "status", "attempts", "statusReason", "createdAt", "startedAt", "stoppedAt", "dependsOn",
            "jobDefinition", "parameters", "container", "nodeDetails", "tags", "platformCapabilities", "eksAttempts");
        node.GetProperty("nodeDetails").GetRawText().Should().Be("""{"nodeIndex":0,"isMainNode":true}""");
        Members(node.GetProperty("container").GetProperty("networkInterfaces")[0]).Should()
            .BeEquivalentTo("attachmentId", "privateIpv4Address");
        node.GetProperty("startedAt").GetInt64().Should().Be(job.GetProperty("startedAt").GetInt64());
        node.GetProperty("stoppedAt").GetInt64().Should().Be(job.GetProperty("stoppedAt").GetInt64());
    }

    [Fact]
    [AwsRule("7.9", Evidence.Rec, "nodes")]
    public async Task Nodes_are_listed_by_their_job_and_the_job_by_its_queue()
    {
        var id = await _server.SubmitAsync("q", "n", Run);
        await _server.WaitForAsync($"{id}#2", "RUNNING");
        await _server.WaitForAsync($"{id}#1", "RUNNING");

        var nodes = await ListAsync($$"""{"multiNodeJobId":"{{id}}"}""");
        nodes.Select(n => n.GetProperty("jobId").GetString()).Should().Equal($"{id}#0", $"{id}#1", $"{id}#2");
        nodes.Select(n => n.GetProperty("nodeProperties").GetRawText()).Should().Equal(
            """{"isMainNode":true,"nodeIndex":0}""", """{"isMainNode":false,"nodeIndex":1}""", """{"isMainNode":false,"nodeIndex":2}""");
        nodes.Should().OnlyContain(n => n.GetProperty("container").GetRawText() == "{}");
        (await ListAsync($$"""{"arrayJobId":"{{id}}"}""")).Should().BeEmpty();
        (await ListAsync($$"""{"multiNodeJobId":"{{id}}","jobStatus":"FAILED"}""")).Should().BeEmpty();
        var job = (await ListAsync("""{"jobQueue":"q"}""")).Should().ContainSingle().Subject;
        job.GetProperty("nodeProperties").GetRawText().Should().Be("""{"numNodes":3}""");
        job.GetProperty("container").GetRawText().Should().Be("{}");
    }

    [Fact]
    public async Task Nodes_are_found_by_their_own_id_and_arn_only()
    {
        var id = await _server.SubmitAsync("q", "n", Run);
        var node = await _server.WaitForAsync($"{id}#1", "RUNNING");

        var found = await _server.OkAsync("DescribeJobs", $$"""{"jobs":["{{id}}:1","{{id}}#3","{{node.GetProperty("jobArn").GetString()}}"]}""");

        found.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("jobId").GetString()).Should().Equal($"{id}#1");
    }

    [Fact]
    public async Task Job_continues_after_a_restart_and_is_terminated_with_all_nodes()
    {
        var id = await _server.SubmitAsync("q", "n", Run);
        await _server.WaitForAsync($"{id}#2", "RUNNING");
        await _server.RestartAsync();

        await _server.OkAsync("TerminateJob", $$"""{"jobId":"{{id}}","reason":"enough"}""");

        (await _server.WaitForAsync(id, "FAILED")).GetProperty("statusReason").GetString().Should().Be("enough");
        foreach (var index in Enumerable.Range(0, 3))
        {
            (await _server.WaitForAsync($"{id}#{index}", "FAILED")).GetProperty("statusReason").GetString().Should().Be("enough");
        }
    }

    private static IEnumerable<string> Members(JsonElement element) => element.EnumerateObject().Select(m => m.Name);

    private async Task<List<JsonElement>> ListAsync(string json) =>
        [.. (await _server.OkAsync("ListJobs", json)).GetProperty("jobSummaryList").EnumerateArray()];
}
