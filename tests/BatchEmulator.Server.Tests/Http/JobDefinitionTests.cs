using System.Text.Json;
using System.Text.Json.Nodes;
using BatchEmulator.Core;

namespace BatchEmulator.Server.Tests.Http;

/// <summary>Job definitions over the wire, with empty and absent members (docs/aws-behaviour.md, sections 1.3, 5.1 and 5.2).</summary>
public sealed class JobDefinitionTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:batch:us-east-1:000000000000:job-definition/";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [AwsRule("5.1", Evidence.Doc, "the answer names definition, ARN and revision")]
    public async Task Answer_names_the_revision()
    {
        await _server.RegisterAsync("d");

        (await _server.CallAsync("RegisterJobDefinition", Requests.JobDefinition("d"))).Body.Should().Be(
            """{"jobDefinitionName":"d","jobDefinitionArn":"arn:aws:batch:us-east-1:000000000000:job-definition/d:2","revision":2}""");
        (await _server.CallAsync("DeregisterJobDefinition", """{"jobDefinition":"d:1"}""")).Body.Should().Be("{}");
    }

    [Theory]
    [AwsRule("5.1", Evidence.Doc, "DescribeJobDefinitions by reference, or by name and status; neither means all; newest revision first")]
    [InlineData("{}", "b:1 d:3 d:2 d:1")]
    [InlineData("""{"jobDefinitionName":"d"}""", "d:3 d:2 d:1")]
    [InlineData("""{"jobDefinitionName":"d","status":"ACTIVE"}""", "d:3 d:1")]
    [InlineData("""{"status":"INACTIVE"}""", "d:2")]
    [InlineData("""{"status":"active"}""", "")]
    [InlineData("""{"status":"OTHER"}""", "")]
    [InlineData("""{"jobDefinitionName":"nope"}""", "")]
    [InlineData("""{"jobDefinitions":["d:2","b:1"]}""", "d:2 b:1")]
    [InlineData("""{"jobDefinitions":["arn:aws:batch:us-east-1:000000000000:job-definition/d:1","nope:1","d:9","d"]}""", "d:1")]
    public async Task Definitions_are_found_by_reference_by_name_and_by_status(string request, string expected)
    {
        await _server.RegisterAsync("d");
        await _server.RegisterAsync("d");
        await _server.RegisterAsync("d");
        await _server.RegisterAsync("b");
        await _server.OkAsync("DeregisterJobDefinition", """{"jobDefinition":"d:2"}""");

        var found = (await _server.OkAsync("DescribeJobDefinitions", request)).GetProperty("jobDefinitions").EnumerateArray();

        found.Select(d => d.GetProperty("jobDefinitionArn").GetString()![Arn.Length..]).Should()
            .Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    [AwsRule("5.1", Evidence.Doc, "pages")]
    public async Task Pages_of_definitions_join_to_the_whole_even_when_revisions_arrive_meanwhile()
    {
        for (var i = 0; i < 5; i++)
        {
            await _server.RegisterAsync("d");
        }

        var revisions = new List<int>();
        string? token = null;
        do
        {
            var page = await _server.OkAsync(
                "DescribeJobDefinitions", $$"""{"jobDefinitionName":"d","status":"ACTIVE","maxResults":2{{(token is null ? "" : $",\"nextToken\":\"{token}\"")}}}""");
            revisions.AddRange(page.GetProperty("jobDefinitions").EnumerateArray().Select(d => d.GetProperty("revision").GetInt32()));
            token = page.TryGetProperty("nextToken", out var next) ? next.GetString() : null;
            await _server.RegisterAsync("d");
        }
        while (token is not null);

        revisions.Should().Equal(5, 4, 3, 2, 1);
    }

    [Fact]
    [AwsRule("5.1", Evidence.Doc, "inactive revisions stay describable and are purged after 180 days")]
    public async Task Inactive_revision_is_shown_for_180_days()
    {
        await _server.RegisterAsync("d");
        await _server.OkAsync("DeregisterJobDefinition", """{"jobDefinition":"d:1"}""");
        async Task<int> CountAsync(string advance)
        {
            (await _server.SendAsync(HttpMethod.Post, "/_emulator/clock", $$"""{"pause":true,"advance":"{{advance}}"}""")).Ok();
            return (await _server.OkAsync("DescribeJobDefinitions", "{}")).GetProperty("jobDefinitions").GetArrayLength();
        }

        (await CountAsync("4319h")).Should().Be(1);
        (await CountAsync("1h")).Should().Be(0);
        (await _server.SendAsync(HttpMethod.Get, "/v1/tags/arn:aws:batch:us-east-1:000000000000:job-definition/d:1")).Status.Should()
            .Be(400);
        (await _server.RegisterAsync("d")).Should().EndWith("d:2");
    }

    [Fact]
    [AwsRule("5.1", Evidence.Open, "at most 100 references")]
    public async Task More_than_a_hundred_references_are_refused()
    {
        string Body(int count) => $$"""{"jobDefinitions":[{{string.Join(',', Enumerable.Range(1, count).Select(i => $"\"d:{i}\""))}}]}""";

        await _server.OkAsync("DescribeJobDefinitions", Body(100));
        (await _server.CallAsync("DescribeJobDefinitions", Body(101))).Message.Should()
            .Contain($"Exception : {OpenTexts.TooManyDefinitions}, RequestId");
    }

    [Theory]
    [AwsRule("5.2", Evidence.Rec, "lists and maps come back empty, scalars stay absent; `containerOrchestrationType` is always there")]
    [AwsRule("5.2", Evidence.Rec, "`vcpus` and `memory` stay as they were given")]
    [InlineData(
        """{"containerProperties":{"image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}}""",
        """
        {"containerOrchestrationType":"ECS","containerProperties":{"image":"i","command":[],"volumes":[],"environment":[],"mountPoints":[],"ulimits":[],
        "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}],"secrets":[]}}
        """)]
    [InlineData(
        """{"propagateTags":false,"containerProperties":{"image":"i","vcpus":1,"memory":64,"environment":[{"name":"A","value":""},{"name":"B","value":"b"},{"name":"C"}]}}""",
        """
        {"containerOrchestrationType":"ECS","propagateTags":false,"containerProperties":{"image":"i","vcpus":1,"memory":64,"command":[],"volumes":[],
        "environment":[{"name":"B","value":"b"}],"mountPoints":[],"ulimits":[],"resourceRequirements":[],"secrets":[]}}
        """)]
    [InlineData(
        """
        {"retryStrategy":{"attempts":2},"timeout":{"attemptDurationSeconds":60},"schedulingPriority":3,"parameters":{"a":"b"},"tags":{"t":"u"},"platformCapabilities":["EC2"],
        "containerProperties":{"image":"i","vcpus":1,"memory":64,"resourceRequirements":[{"type":"GPU","value":"1"}],"logConfiguration":{"logDriver":"awslogs"},
        "linuxParameters":{"initProcessEnabled":true,"devices":[{"hostPath":"/d"}],"tmpfs":[{"containerPath":"/t","size":1}]}}}
        """,
        """
        {"containerOrchestrationType":"ECS","retryStrategy":{"attempts":2,"evaluateOnExit":[]},"timeout":{"attemptDurationSeconds":60},"schedulingPriority":3,
        "parameters":{"a":"b"},"tags":{"t":"u"},"platformCapabilities":["EC2"],"containerProperties":{"image":"i","vcpus":1,"memory":64,"command":[],"volumes":[],"environment":[],
        "mountPoints":[],"ulimits":[],"resourceRequirements":[{"type":"GPU","value":"1"}],"secrets":[],"logConfiguration":{"logDriver":"awslogs","options":{},"secretOptions":[]},
        "linuxParameters":{"initProcessEnabled":true,"devices":[{"hostPath":"/d","permissions":[]}],"tmpfs":[{"containerPath":"/t","size":1,"mountOptions":[]}]}}}
        """)]
    [InlineData(
        """
        {"platformCapabilities":["FARGATE"],"containerProperties":{"image":"i","executionRoleArn":"arn:aws:iam::123456789012:role/r",
        "resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"512"}]}}
        """,
        """
        {"containerOrchestrationType":"ECS","platformCapabilities":["FARGATE"],"containerProperties":{"image":"i","executionRoleArn":"arn:aws:iam::123456789012:role/r","command":[],"volumes":[],"environment":[],
        "mountPoints":[],"ulimits":[],"resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"512"}],"secrets":[],
        "fargatePlatformConfiguration":{"platformVersion":"LATEST"}}}
        """)]
    [InlineData(
        """{"eksProperties":{"podProperties":{"containers":[{"image":"i","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}}}""",
        """
        {"containerOrchestrationType":"EKS","eksProperties":{"podProperties":{"containers":[{"image":"i","args":[],"env":[],"volumeMounts":[],"resources":{"limits":{"cpu":"1","memory":"64Mi"}}}],"volumes":[]}}}
        """)]
    public async Task Lists_come_back_empty_and_scalars_stay_absent(string given, string shown)
    {
        var request = JsonNode.Parse(given)!.AsObject();
        request["jobDefinitionName"] = "d";
        request["type"] = "container";
        var expected = JsonNode.Parse(shown)!.AsObject();
        expected["jobDefinitionName"] = "d";
        expected["jobDefinitionArn"] = Arn + "d:1";
        expected["revision"] = 1;
        expected["status"] = "ACTIVE";
        expected["type"] = "container";
        expected.TryAdd("parameters", new JsonObject());
        expected.TryAdd("tags", new JsonObject());
        await _server.OkAsync("RegisterJobDefinition", request.ToJsonString());

        var definition = (await _server.OkAsync("DescribeJobDefinitions", "{}")).GetProperty("jobDefinitions")[0];

        JsonNode.DeepEquals(JsonSerializer.SerializeToNode(definition), expected).Should().BeTrue("it is {0}", definition.GetRawText());
    }
}
