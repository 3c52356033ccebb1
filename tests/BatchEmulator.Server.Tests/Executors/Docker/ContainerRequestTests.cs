using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Process;
using Docker.DotNet.Models;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Requests to the engine, equivalent to those of the ECS agent (docs/aws-behaviour.md, section 8).</summary>
public sealed class ContainerRequestTests
{
    [Theory]
    [AwsRule("8", Evidence.Doc, "a vCPU is 1024 shares")]
    [InlineData(1, 1024)]
    [InlineData(4, 4096)]
    [InlineData(0.25, 256)]
    [InlineData(1000, 262_144)]
    public void Vcpu_is_1024_shares(double vcpus, int shares) =>
        Of(c => c with { Vcpus = vcpus }).HostConfig!.CPUShares.Should().Be(shares);

    [Fact]
    [AwsRule("8", Evidence.Doc, "memory is a hard limit")]
    public void Memory_is_a_hard_limit_without_swap()
    {
        var host = Of(c => c with { MemoryMiB = 128 }).HostConfig!;

        host.Memory.Should().Be(128 * 1024 * 1024);
        host.MemorySwap.Should().Be(host.Memory);
    }

    [Fact]
    [AwsRule("8", Evidence.Doc, "the entry point of the image stays")]
    public void Command_replaces_the_images_and_keeps_its_entry_point()
    {
        Of(c => c with { Command = ["a", "b"] }).Cmd.Should().Equal("a", "b");
        Of(c => c with { Command = ["a", "b"] }).Entrypoint.Should().BeNull();
        Of(c => c with { Command = [] }).Cmd.Should().BeNull("the image's own is run");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Doc, "SIGTERM, 30 seconds, SIGKILL")]
    [AwsRule("8", Evidence.Doc, "30 seconds of grace")]
    public void Grace_before_the_kill_is_30_seconds()
    {
        new DockerExecutorOptions { InstanceId = "i" }.StopGrace.Should().Be(TimeSpan.FromSeconds(30));
        new ProcessExecutorOptions { Root = "r" }.StopGrace.Should().Be(TimeSpan.FromSeconds(30));
    }

    private static CreateContainerParameters Of(Func<ContainerLaunch, ContainerLaunch> change)
    {
        var launch = Launch.Of(Launch.Container("image")).With(change);
        return ContainerRequest.Of("instance", launch, launch.Containers[0], networkOf: null);
    }
}
