using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>The engine is found in the same way as by the docker command.</summary>
public sealed class DockerSearchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
    private readonly ContextFolder _contexts;

    public DockerSearchTests()
    {
        _contexts = new(_folder);
        _contexts.Add("named", "unix:///named.sock");
        _contexts.Add("current", "unix:///current.sock");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("tcp://host:1", "named", "current", "tcp://host:1")]
    [InlineData(null, "named", "current", "unix:///named.sock")]
    [InlineData(null, null, "current", "unix:///current.sock")]
    public void Engine_chosen_by_the_user_is_the_only_candidate(string? host, string? context, string current, string found)
    {
        _contexts.Use(current);

        Addresses(host, context).Should().Equal(found);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "default")]
    [InlineData("default", "current")]
    public void Usual_sockets_are_tried_by_default(string? context, string? current)
    {
        if (current is not null)
        {
            _contexts.Use(current);
        }

        var sockets = Addresses(host: null, context).Where(address => address.StartsWith("unix:", StringComparison.Ordinal));

        sockets.Where(address => !File.Exists(address["unix://".Length..])).Should().BeEmpty("the sockets of the contexts do not exist");
    }

    [Fact]
    public void Context_that_does_not_exist_is_named() => Problem(context: "missing").Should()
        .StartWith("The Docker context 'missing' does not exist: there is no ").And.EndWith("meta.json.");

    [Fact]
    public void Context_without_a_host_is_named()
    {
        _contexts.Add("empty", "");

        Problem(context: "empty").Should().StartWith("The Docker context 'empty' names no host in ");
    }

    [Fact]
    public void Context_by_ssh_is_not_supported()
    {
        _contexts.Add("remote", "ssh://user@host");

        Problem(context: "remote").Should()
            .Be("'ssh://user@host' is not the address of a Docker engine: unix, npipe, tcp, http or https is expected.");
    }

    [Fact]
    public void Unreadable_configuration_does_not_fall_back_to_another_engine()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{");

        Problem(context: null).Should().StartWith($"{Path.Combine(_folder, "config.json")} cannot be read: ");
    }

    [Fact]
    public async Task Engine_that_does_not_listen_is_reported()
    {
        var search = Search(host: null, "named");

        (await search.Awaiting(one => one.FirstAsync(CancellationToken.None)).Should().ThrowAsync<NoDockerEngineException>()).Which.Message
            .Should().Be("Cannot connect to the Docker daemon at unix:///named.sock. Is the docker daemon running?");
    }

    private List<string> Addresses(string? host, string? context) =>
        [.. Search(host, context).Candidates().Select(endpoint => endpoint.Address)];

    private string Problem(string? context) =>
        this.Invoking(one => one.Addresses(host: null, context)).Should().Throw<DockerConfigurationException>().Which.Message;

    private DockerSearch Search(string? host, string? context) =>
        new(new() { ConfigurationFolder = _folder, Host = host, Context = context });
}
