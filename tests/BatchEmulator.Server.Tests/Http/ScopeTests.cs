namespace BatchEmulator.Server.Tests.Http;

/// <summary>Account and Region come from the credential scope; resources of one scope are invisible to another.</summary>
public sealed class ScopeTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(("account", "111111111111"), ("region", "eu-west-3"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null, "111111111111", "eu-west-3")]
    [InlineData("AKIAEXAMPLE/20260101/us-west-2/batch/aws4_request", "111111111111", "us-west-2")]
    [InlineData("222222222222/20260101/us-west-2/batch/aws4_request", "222222222222", "us-west-2")]
    [InlineData("AKIAEXAMPLE/20260101/NOT A REGION/batch/aws4_request", "111111111111", "eu-west-3")]
    [InlineData("nonsense", "111111111111", "eu-west-3")]
    public async Task Arns_show_the_scope_of_the_credential(string? credential, string account, string region)
    {
        var reply = await RegisterAsync(credential);

        reply.GetProperty("jobDefinitionArn").GetString().Should().Be($"arn:aws:batch:{region}:{account}:job-definition/d:1");
    }

    [Theory]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    public async Task Partition_follows_the_region(string region, string partition) =>
        (await RegisterAsync($"AKIA/20260101/{region}/batch/aws4_request")).GetProperty("jobDefinitionArn").GetString()
            .Should().StartWith($"arn:{partition}:batch:{region}:");

    [Fact]
    public async Task Scopes_do_not_see_each_other()
    {
        var arn = (await RegisterAsync("AKIA/20260101/us-west-2/batch/aws4_request")).GetProperty("jobDefinitionArn").GetString();

        foreach (var credential in new[] { null, "222222222222/20260101/us-west-2/batch/aws4_request", "AKIA/20260101/us-east-2/batch/aws4_request" })
        {
            var all = await _server.SendAsync(HttpMethod.Post, "/v1/describejobdefinitions", "{}", Authorization(credential));
            all.Ok().GetProperty("jobDefinitions").GetArrayLength().Should().Be(0);
            var byArn = await _server.SendAsync(HttpMethod.Post, "/v1/describejobdefinitions", $$"""{"jobDefinitions":["{{arn}}"]}""", Authorization(credential));
            byArn.Ok().GetProperty("jobDefinitions").GetArrayLength().Should().Be(0);
            (await _server.SendAsync(HttpMethod.Get, $"/v1/tags/{arn}", null, Authorization(credential))).Status.Should().Be(400);
        }
    }

    private static (string, string)[] Authorization(string? credential) =>
        credential is null ? [] : [("Authorization", $"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0")];

    private async Task<System.Text.Json.JsonElement> RegisterAsync(string? credential) =>
        (await _server.SendAsync(HttpMethod.Post, "/v1/registerjobdefinition", Requests.JobDefinition("d", "busybox"), Authorization(credential))).Ok();
}
