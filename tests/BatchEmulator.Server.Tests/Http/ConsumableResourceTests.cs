using System.Text.Json;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Consumable resources over the wire, and jobs that need them.</summary>
public sealed class ConsumableResourceTests : IAsyncLifetime
{
    private const string Prefix = "arn:aws:batch:us-east-1:000000000000:consumable-resource/";
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Resource_is_created_described_tagged_updated_and_deleted()
    {
        (await _server.CallAsync("CreateConsumableResource", """{"consumableResourceName":"licence","totalQuantity":5,"tags":{"a":"1"}}""")).Body.Should().Be(
            $$"""{"consumableResourceName":"licence","consumableResourceArn":"{{Prefix}}licence"}""");
        var shown = await DescribeAsync($"{Prefix}licence");
        shown.GetProperty("createdAt").GetInt64().Should().BePositive();
        shown.GetRawText().Should().MatchRegex(
            $$$"""^\{"consumableResourceName":"licence","consumableResourceArn":"{{{Prefix}}}licence","totalQuantity":5,"inUseQuantity":0,"availableQuantity":5,"resourceType":"REPLENISHABLE","createdAt":[0-9]+,"tags":\{"a":"1"\}\}$""");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}licence")).Body.Should().Be("""{"tags":{"a":"1"}}""");

        (await _server.CallAsync("UpdateConsumableResource", """{"consumableResource":"licence","operation":"ADD","quantity":2,"clientToken":"t"}""")).Body.Should().Be(
            $$"""{"consumableResourceName":"licence","consumableResourceArn":"{{Prefix}}licence","totalQuantity":7}""");
        await _server.RestartAsync();
        (await _server.OkAsync("UpdateConsumableResource", """{"consumableResource":"licence","operation":"ADD","quantity":2,"clientToken":"t"}"""))
            .GetProperty("totalQuantity").GetInt64().Should().Be(7);
        (await _server.CallAsync("DeleteConsumableResource", """{"consumableResource":"licence"}""")).Body.Should().Be("{}");
        (await _server.CallAsync("DescribeConsumableResource", """{"consumableResource":"licence"}""")).Message.Should().Contain("ConsumableResource licence not found.");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Prefix}licence")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Resources_are_listed_page_by_page_and_by_name()
    {
        foreach (var name in new[] { "b", "Alpha", "alphabet", "c" })
        {
            await _server.OkAsync("CreateConsumableResource", $$"""{"consumableResourceName":"{{name}}"}""");
        }

        async Task<(IReadOnlyList<string?> Names, string? Token)> ListAsync(string more)
        {
            var answer = await _server.OkAsync("ListConsumableResources", "{" + more + "}");
            return (
                [.. answer.GetProperty("consumableResources").EnumerateArray().Select(r => r.GetProperty("consumableResourceName").GetString())],
                answer.TryGetProperty("nextToken", out var token) ? token.GetString() : null);
        }

        const string Filter = "\"filters\":[{\"name\":\"CONSUMABLE_RESOURCE_NAME\",\"values\":[\"ALPHA*\"]}]";
        (await ListAsync("")).Names.Should().Equal("b", "Alpha", "alphabet", "c");
        var first = await ListAsync("\"maxResults\":3");
        (await ListAsync($"\"nextToken\":\"{first.Token}\"")).Names.Should().Equal("c");
        var named = await ListAsync($"\"maxResults\":1,{Filter}");
        named.Names.Should().Equal("Alpha");
        (await ListAsync($"\"maxResults\":1,\"nextToken\":\"{named.Token}\",{Filter}")).Should()
            .BeEquivalentTo((new[] { "alphabet" }, (string?)null));
        (await _server.CallAsync("ListConsumableResources", """{"filters":[{"name":"X","values":["a"]}]}""")).Message.Should().Contain("Filter name is not valid");
    }

    [Fact]
    public async Task Jobs_wait_for_units_are_listed_by_resource_and_hold_them_across_a_restart()
    {
        await _server.CreateQueueAsync("work");
        await _server.OkAsync("CreateConsumableResource", """{"consumableResourceName":"licence","totalQuantity":3}""");
        await _server.OkAsync("RegisterJobDefinition", """
            {"jobDefinitionName":"d","type":"container","consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"licence","quantity":2}]},
            "containerProperties":{"image":"i","environment":[{"name":"SIMULATE_HOLD","value":"RUNNING"}],
            "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}}
            """);
        var running = await _server.SubmitAsync("work", "d");
        var waiting = await _server.SubmitAsync("work", "d");
        await _server.WaitForAsync(running, "RUNNING");
        await _server.RestartAsync();

        (await DescribeAsync("licence")).GetProperty("availableQuantity").GetInt64().Should().Be(1);
        (await _server.DescribeAsync(waiting)).GetProperty("status").GetString().Should().Be("RUNNABLE");
        async Task<IEnumerable<string?>> ListAsync(string more) =>
            (await _server.OkAsync("ListJobsByConsumableResource", $$"""{"consumableResource":"licence"{{more}}}""")).GetProperty("jobs").EnumerateArray()
                .Select(j => j.GetProperty("jobArn").GetString()!.Split('/')[1]);
        (await ListAsync("")).Should().Equal(waiting, running);
        (await ListAsync(""","filters":[{"name":"JOB_STATUS","values":["RUNNABLE"]},{"name":"JOB_NAME","values":["JO*"]}]""")).Should().Equal(waiting);
        (await ListAsync(""","filters":[{"name":"JOB_NAME","values":["other"]}]""")).Should().BeEmpty();
        var page = await _server.OkAsync("ListJobsByConsumableResource", """{"consumableResource":"licence","maxResults":1}""");
        (await ListAsync($",\"nextToken\":\"{page.GetProperty("nextToken").GetString()}\"")).Should().Equal(running);
        page.GetProperty("jobs")[0].EnumerateObject().Select(m => m.Name).Should().BeEquivalentTo(
            "jobArn", "jobQueueArn", "jobName", "jobDefinitionArn", "jobStatus", "quantity", "createdAt", "consumableResourceProperties");
        (await _server.CallAsync("ListJobsByConsumableResource", """{"consumableResource":"licence","filters":[{"name":"JOB_STATUS","values":["SCHEDULED"]}]}""")).Message
            .Should().Contain("SCHEDULED is not a status of a job.");

        await _server.OkAsync("TerminateJob", $$"""{"jobId":"{{running}}","reason":"enough"}""");
        await _server.WaitForAsync(waiting, "RUNNING");
        (await DescribeAsync("licence")).GetProperty("inUseQuantity").GetInt64().Should().Be(2);
    }

    private Task<JsonElement> DescribeAsync(string resource) =>
        _server.OkAsync("DescribeConsumableResource", $$"""{"consumableResource":"{{resource}}"}""");
}
