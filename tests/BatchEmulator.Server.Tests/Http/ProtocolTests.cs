namespace BatchEmulator.Server.Tests.Http;

/// <summary>The protocol, as bytes (docs/aws-behaviour.md, sections 1.1 to 1.5).</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("""{"jobs":""")]
    [InlineData("""{"jobs":"x"}""")]
    [InlineData("""{"jobs":[1]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{} {}""")]
    public async Task Malformed_json_and_wrong_types_get_the_bytes_of_the_service(string body)
    {
        var reply = await _server.CallAsync("DescribeJobs", body);

        reply.Status.Should().Be(400);
        reply.Body.Should().Be("{\n  \"message\" : \"An error occurred during JSON parsing\",\n  \"__type\" : \"ClientException\"\n}");
        reply.Body.Length.Should().Be(89);
        reply.Headers["x-amzn-ErrorType"].Should().Be("ClientException");
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_and_the_headers_of_the_gateway()
    {
        foreach (var reply in new[] { await _server.CallAsync("DescribeJobQueues", "{}"), await _server.CallAsync("DescribeJobs", "{"), await _server.CallAsync("Nope", "{}") })
        {
            reply.Headers["x-amzn-RequestId"].Should().MatchRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
            reply.Headers["x-amz-apigw-id"].Should().NotBeEmpty();
            reply.Headers["X-Amzn-Trace-Id"].Should().MatchRegex("^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$");
            reply.Headers.Should().NotContainKey("Access-Control-Allow-Origin");
            reply.Headers["Content-Type"].Should().Be("application/json");
        }
    }

    [Fact]
    public async Task Wrapped_error_names_the_request_id_of_the_answer()
    {
        var reply = await _server.CallAsync("SubmitJob", """{"jobName":"a.b","jobQueue":"q","jobDefinition":"d"}""");

        reply.Message.Should().Be(
            $"Error executing request, Exception : Job name should match valid pattern, RequestId: {reply.Headers["x-amzn-RequestId"]}");
    }

    [Fact]
    public async Task Bare_error_is_only_the_message() =>
        (await _server.CallAsync("SubmitJob", """{"jobName":"j","jobQueue":"nope","jobDefinition":"d"}""")).Message.Should().Be("JobQueue nope not found.");

    [Fact]
    public async Task Missing_members_are_found_by_the_constraints_of_the_model() =>
        (await _server.CallAsync("SubmitJob", """{"jobName":"j","jobQueue":null}""")).Message.Should().Contain("Exception : jobQueue is required., RequestId");

    [Theory]
    [InlineData("""{"type":"MANAGED","computeEnvironmentName":"c","state":"SOMETIMES"}""", "state SOMETIMES is not valid. Valid values are: [ENABLED, DISABLED]")]
    [InlineData("""{"type":"MANAGED","computeEnvironmentName":"c","tags":{"":"x"}}""", "tags.key ")]
    [InlineData("""{"type":"MANAGED","computeEnvironmentName":"c","computeResources":{"type":"EC2","maxvCpus":1,"subnets":[null]}}""", "computeResources.subnets[0] must not be null.")]
    [InlineData("""{"type":"MANAGED","computeEnvironmentName":"c","computeResources":{"type":"EC2","subnets":[]}}""", "computeResources.maxvCpus is required.")]
    public async Task Constraints_of_the_model_are_checked_with_the_path(string body, string text) =>
        (await _server.CallAsync("CreateComputeEnvironment", body)).Message.Should()
            .StartWith($"Error executing request, Exception : {text}");

    [Fact]
    public async Task Enums_are_read_in_any_case_and_echoed_in_the_canonical_one()
    {
        await _server.OkAsync("CreateComputeEnvironment", """{"computeEnvironmentName":"c","type":"managed","state":"enabled","computeResources":{"type":"fargate","maxvCpus":4,"subnets":["s"],"securityGroupIds":["g"]}}""");
        var shown = (await _server.OkAsync("DescribeComputeEnvironments", "{}")).GetProperty("computeEnvironments")[0];
        shown.GetProperty("type").GetString().Should().Be("MANAGED");
        shown.GetProperty("computeResources").GetProperty("type").GetString().Should().Be("FARGATE");

        await _server.OkAsync("RegisterJobDefinition", """{"jobDefinitionName":"d","type":"CONTAINER","containerProperties":{"image":"i","resourceRequirements":[{"type":"vcpu","value":"1"},{"type":"Memory","value":"128"}]},"retryStrategy":{"attempts":2,"evaluateOnExit":[{"onExitCode":"1","action":"EXIT"}]}}""");
        var definition = (await _server.OkAsync("DescribeJobDefinitions", "{}")).GetProperty("jobDefinitions")[0];
        definition.GetProperty("type").GetString().Should().Be("container");
        definition.GetProperty("retryStrategy").GetProperty("evaluateOnExit")[0].GetProperty("action").GetString().Should().Be("exit");
    }

    [Fact]
    public async Task Null_is_absent_and_unknown_members_are_ignored() =>
        (await _server.CallAsync("DescribeJobQueues", """{"jobQueues":null,"maxResults":null,"future":{"x":[1]}}""")).Status.Should().Be(200);

    [Fact]
    public async Task Missing_body_is_an_empty_object() =>
        (await _server.SendAsync(HttpMethod.Post, "/v1/describejobqueues")).Body.Should().Be("""{"jobQueues":[]}""");

    [Theory]
    [InlineData("GET", "/v1/submitjob", 405)]
    [InlineData("PUT", "/v1/tags/arn", 405)]
    [InlineData("POST", "/v1/SubmitJob", 404)]
    [InlineData("POST", "/v1/unheardof", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/v1/tags/", 404)]
    [InlineData("GET", "/_emulator/nothing", 404)]
    public async Task Wrong_method_and_unknown_path_have_different_errors(string method, string path, int status)
    {
        var reply = await _server.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}");

        reply.Status.Should().Be(status);
        reply.ErrorType.Should().Be("UnknownOperationException");
    }

    [Theory]
    [AwsRule("5.1", Evidence.Client, "a definition has at most 24 KiB, wrapped", "JobDefinition size must be less than 24 KiB, got 47 KiB")]
    [InlineData("RegisterJobDefinition", 24, "jobDefinitionName is required.", "JobDefinition size must be less than 24 KiB, got 47 KiB")]
    [AwsRule("6.1", Evidence.Live, "a request has at most 30 KiB, wrapped", "Job size must be less than 30 KiB, got 47 KiB")]
    [InlineData("SubmitJob", 30, "jobName is required.", "Job size must be less than 30 KiB, got 47 KiB")]
    public async Task Body_beyond_the_quota_of_its_operation_is_refused(string operation, int kibibytes, string otherwise, string text)
    {
        string Body(int length) => "{\"x\":\"" + new string('x', length - 8) + "\"}";

        (await _server.CallAsync(operation, Body(kibibytes * 1024))).Message.Should().Contain(otherwise);
        (await _server.CallAsync(operation, Body((kibibytes * 1024) + 1))).Status.Should().Be(400);
        var reply = await _server.CallAsync(operation, Body((47 * 1024) - 10));

        reply.Status.Should().Be(400);
        reply.Message.Should().StartWith($"Error executing request, Exception : {text}, RequestId: ");
    }

    [Fact]
    public async Task Body_beyond_every_quota_is_refused()
    {
        (await _server.CallAsync("DescribeJobs", new string(' ', 1100 * 1024))).Status.Should().Be(413);
    }

    [Fact]
    public async Task Success_without_output_is_an_empty_object() =>
        (await _server.CallAsync("CancelJob", """{"jobId":"unknown","reason":"r"}""")).Body.Should().Be("{}");

    [Fact]
    public async Task Text_is_escaped_as_little_as_json_allows()
    {
        await _server.OkAsync("RegisterJobDefinition", """{"jobDefinitionName":"d","type":"container","parameters":{"k":"a<b>&'\u00e9"},"containerProperties":{"image":"i","vcpus":1,"memory":4}}""");

        (await _server.CallAsync("DescribeJobDefinitions", "{}")).Body.Should().Contain("a<b>&'é");
    }
}
