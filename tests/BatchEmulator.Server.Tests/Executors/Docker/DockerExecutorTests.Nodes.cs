using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker;
using Docker.DotNet.Models;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>The networks of multi-node parallel jobs.</summary>
public sealed partial class DockerExecutorTests
{
    [Fact]
    public async Task Nodes_reach_each_other_by_address()
    {
        var nodes = Nodes(2, index => Run(index == 0 ? "while true; do echo hello | nc -l -p 8000; done" : "true"));
        Executor.Start(nodes[0]);
        await Observer.StartedAsync(nodes[0].Key);
        var address = Observer[nodes[0].Key].PrivateAddress;
        var other = nodes[1].With(container => container with { Command = ["sh", "-c", $"until nc {address} 8000; do sleep 0.05; done"] });

        Executor.Start(other);

        (await Observer.ContainerEndAsync(other.Key)).ExitCode.Should().Be(0);
        Observer.Lines(other.Key).Should().Equal("hello");
        Executor.Stop(nodes[0].Key);
        await Observer.ExitedAsync(nodes[0].Key);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Network_stays_until_the_last_node_has_ended()
    {
        var nodes = Nodes(2, index => Run(index == 0 ? "true" : "echo ready; sleep 600"));
        Executor.Start(nodes[1]);
        await Observer.WroteAsync(nodes[1].Key, "ready");
        Executor.Start(nodes[0]);
        await Observer.ExitedAsync(nodes[0].Key);

        (await NetworksAsync()).Should().ContainSingle();
        Executor.Stop(nodes[1].Key);
        await Observer.ExitedAsync(nodes[1].Key);
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Network_of_unknown_nodes_is_removed_at_the_start()
    {
        var node = Nodes(1, _ => Run("echo ready; sleep 600"))[0];
        Executor.Start(node);
        await Observer.WroteAsync(node.Key, "ready");
        await RestartAsync();

        await Executor.RecoverAsync([], CancellationToken.None);

        (await NetworksAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Containers_of_a_node_share_its_address()
    {
        var node = Nodes(1, _ => Launch.Of(
            Main("until nc 127.0.0.1 8000; do sleep 0.05; done", AfterStartOf("server")),
            Beside("server", "while true; do echo hello | nc -l -p 8000; done")))[0];

        Executor.Start(node);

        (await EndsAsync(node))[0].Should().Be(new ContainerEnd("main", 0));
        Observer[node.Key].PrivateAddress.Should().NotBeNull();
        (await LeftBehindAsync()).Should().BeEmpty();
    }

    private Task<IList<NetworkResponse>> NetworksAsync() =>
        _engine!.ListNetworksAsync(DockerNames.Instance, _instance, CancellationToken.None);
}
