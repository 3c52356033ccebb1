namespace BatchEmulator.Server.Tests.Http;

/// <summary>Web pages cannot reach the server: a submitted job is code that runs.</summary>
public sealed class BrowserGuardTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(("allowed-hosts", "batch.example.com"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("[::1]:22824", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("localhost:22824", true)]
    [InlineData("batch", true)]
    [InlineData("batch.localhost", true)]
    [InlineData("host.docker.internal:22824", true)]
    [InlineData("batch.example.com", true)]
    [InlineData("BATCH.EXAMPLE.COM.", true)]
    [InlineData("evil.example.com", false)]
    [InlineData("evil.example.com.", false)]
    [InlineData("localhost.evil.com", false)]
    [InlineData("127.0.0.1.evil.com", false)]
    public async Task Host_that_others_could_point_here_is_refused(string host, bool isAnswered) =>
        await AssertAnsweredAsync(isAnswered, ("Host", host));

    [Theory]
    [InlineData("https://evil.example.com", false)]
    [InlineData("http://localhost:3000", false)]
    [InlineData("null", false)]
    [InlineData("file://", false)]
    public async Task Origin_of_another_site_is_refused(string origin, bool isAnswered) =>
        await AssertAnsweredAsync(isAnswered, ("Origin", origin));

    [Fact]
    public async Task Own_origin_is_answered() => await AssertAnsweredAsync(true, ("Origin", _server.Address));

    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("same-site", false)]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    public async Task Fetch_from_another_site_is_refused(string site, bool isAnswered) =>
        await AssertAnsweredAsync(isAnswered, ("Sec-Fetch-Site", site));

    private async Task AssertAnsweredAsync(bool isAnswered, (string, string) header)
    {
        foreach (var path in new[] { "/v1/describejobqueues", "/_emulator/reset" })
        {
            var reply = await _server.SendAsync(HttpMethod.Post, path, "{}", header);
            reply.Status.Should().Be(isAnswered ? 200 : 403, reply.Body);
            if (!isAnswered)
            {
                reply.ErrorType.Should().Be("AccessDeniedException");
            }
        }
    }
}
