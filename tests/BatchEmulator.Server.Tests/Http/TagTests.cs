namespace BatchEmulator.Server.Tests.Http;

/// <summary>The tag operations: an ARN in the path, keys in the query.</summary>
public sealed class TagTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _arn = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _arn = await _server.RegisterAsync("d");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Arn_is_decoded_once_whether_raw_or_encoded()
    {
        await TagAsync(_arn, """{"a":"1"}""");
        await TagAsync(Uri.EscapeDataString(_arn), """{"b":"2"}""");
        await TagAsync(_arn.Replace("/", "%2f"), """{"c":"3"}""");

        (await TagsAsync()).Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["c"] = "3" });
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{Uri.EscapeDataString(Uri.EscapeDataString(_arn))}")).Status.Should()
            .Be(400, "it is decoded once");
    }

    [Theory]
    [InlineData("SubmitJob", """{"jobName":"j","jobQueue":"q","jobDefinition":"d","tags":{"version":"2.8.1+mc(0.10.0)"}}""", "'2.8.1+mc(0.10.0)' is not a valid value for TagValue - it contains illegal characters")]
    [InlineData("CreateSchedulingPolicy", """{"name":"p","tags":{"^GATC":"x"}}""", "'^GATC' is not a valid value for TagKey - it contains illegal characters")]
    public async Task Signs_that_tags_do_not_have_are_refused_before_aws_batch_sees_them(string operation, string request, string text)
    {
        var reply = await _server.CallAsync(operation, request);

        (reply.Status, reply.ErrorType, reply.Headers["x-amzn-ErrorType"], reply.Message).Should()
            .Be((400, "BadRequestException", "BadRequestException", text));
    }

    [Fact]
    public async Task Keys_are_repeated_in_the_query()
    {
        await TagAsync(_arn, """{"a":"1","b c":"2","d/e:f@g=h+i":"3","stay":"4"}""");

        var reply = await _server.SendAsync(
            HttpMethod.Delete, $"/v1/tags/{_arn}?tagKeys=a&tagKeys=b%20c&tagKeys={Uri.EscapeDataString("d/e:f@g=h+i")}&tagKeys=unknown");

        reply.Body.Should().Be("{}");
        (await TagsAsync()).Should().BeEquivalentTo(new Dictionary<string, string> { ["stay"] = "4" });
    }

    [Fact]
    public async Task Tags_given_at_creation_are_shown_everywhere()
    {
        await _server.CreateQueueAsync("q");
        var job = await _server.SubmitAsync("q", "d", "\"tags\":{\"team\":\"a\"}");
        var arn = (await _server.WaitForAsync(job, "SUCCEEDED")).GetProperty("jobArn").GetString();

        (await _server.DescribeAsync(job)).GetProperty("tags").GetProperty("team").GetString().Should().Be("a");
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{arn}")).Body.Should().Be("""{"tags":{"team":"a"}}""");
        await TagAsync(arn!, """{"late":"yes"}""");
        (await _server.DescribeAsync(job)).GetProperty("tags").GetProperty("late").GetString().Should()
            .Be("yes", "a finished job can be tagged");
    }

    [Theory]
    [InlineData("""{}""", "tags is required.")]
    [InlineData("""{"tags":{"aws:x":"1"}}""", "Tag keys beginning with aws: are reserved for system use.")]
    public async Task Bad_tags_are_refused(string body, string text) =>
        (await _server.SendAsync(HttpMethod.Post, $"/v1/tags/{_arn}", body)).Message.Should().Contain($"Exception : {text}");

    [Fact]
    public async Task Empty_tags_change_nothing()
    {
        await TagAsync(_arn, """{"a":"1"}""");
        await TagAsync(_arn, "{}");

        (await TagsAsync()).Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "1" });
    }

    [Fact]
    public async Task More_than_fifty_tags_in_all_are_refused()
    {
        await TagAsync(_arn, $"{{{string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"k{i}\":\"v\""))}}}");

        (await _server.SendAsync(HttpMethod.Post, $"/v1/tags/{_arn}", """{"tags":{"k0":"changed"}}""")).Status.Should().Be(200);
        (await _server.SendAsync(HttpMethod.Post, $"/v1/tags/{_arn}", """{"tags":{"one":"more"}}""")).Status.Should().Be(400);
    }

    [Theory]
    [InlineData("no-arn", "Invalid resourceArn")]
    [InlineData("arn:aws:batch:us-east-1:000000000000:job-queue/nope", "not found")]
    public async Task Unknown_resources_are_refused(string arn, string text) =>
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{arn}")).Message.Should().Contain(text);

    private async Task TagAsync(string arn, string tags) =>
        (await _server.SendAsync(HttpMethod.Post, $"/v1/tags/{arn}", $$"""{"tags":{{tags}}}""")).Body.Should().Be("{}");

    private async Task<Dictionary<string, string>> TagsAsync() =>
        (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{_arn}")).Ok().GetProperty("tags").EnumerateObject()
            .ToDictionary(t => t.Name, t => t.Value.GetString()!);
}
