using System.Net;
using System.Net.Sockets;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Reports about the containers of an attempt, and about the address of an attempt.</summary>
public abstract partial class JobExecutorConformance
{
    [Fact]
    [Trait("Section", "7.4")]
    public async Task Container_without_output_is_reported_as_started()
    {
        var launch = Run("exit 0");

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer[launch.Key].StartedContainers.Should().Equal(Launch.OnlyContainer);
    }

    [Fact]
    [Trait("Section", "7.4")]
    public async Task Container_that_could_not_be_started_is_not_reported_as_started()
    {
        var launch = RunNothing();

        Executor.Start(launch);

        await Observer.NotStartedAsync(launch.Key);
        Observer[launch.Key].StartedContainers.Should().BeEmpty();
    }

    [Fact]
    [Trait("Section", "7.4")]
    public async Task Start_of_each_container_is_reported_at_that_time()
    {
        NeedsCommands();
        var launch = Launch.Of(
            Main("exit 0", AfterSuccessOf("other")), Beside("other", "exit 0"), Beside("never", "echo never", AfterSuccessOf("main")));

        Executor.Start(launch);

        await EndsAsync(launch);
        Observer[launch.Key].StartedContainers.Should().Equal("other", "main");
    }

    [Fact]
    [Trait("Section", "7.4")]
    public async Task Attempt_that_is_taken_over_reports_its_containers_again()
    {
        Assert.SkipUnless(TakesUpAgain, "This executor takes nothing up again.");
        var launch = Run("trap 'exit 143' TERM; echo ready; while true; do sleep 0.05; done", forever: true, output: "ready");
        Executor.Start(launch);
        await Observer.WroteAsync(launch.Key, "ready");
        await RestartAsync();

        await Executor.RecoverAsync([new(launch, DateTimeOffset.UnixEpoch)], CancellationToken.None);

        await Observer.StartedAsync(launch.Key);
        Observer[launch.Key].StartedContainers.Should().Equal(Launch.OnlyContainer);
        Executor.Stop(launch.Key);
        await Observer.ExitedAsync(launch.Key);
    }

    [Fact]
    [AwsRule("7.4", Evidence.Rec, "a Fargate job has an address, whatever runs it")]
    public async Task Attempt_with_an_interface_reports_its_address_however_short_it_runs()
    {
        var launches = Enumerable.Range(0, 5).Select(_ => Run("exit 0") with { HasAddress = true }).ToList();

        launches.ForEach(Executor.Start);

        foreach (var launch in launches)
        {
            await Observer.ExitedAsync(launch.Key);
            var address = IPAddress.Parse(Observer[launch.Key].PrivateAddress!);
            address.AddressFamily.Should().Be(AddressFamily.InterNetwork);
            IPAddress.IsLoopback(address).Should().BeFalse("it is an interface of a network");
        }
    }

    [Fact]
    public async Task Attempt_without_an_interface_reports_no_address()
    {
        var launch = Run("exit 0");

        Executor.Start(launch);

        await Observer.ExitedAsync(launch.Key);
        Observer[launch.Key].PrivateAddress.Should().BeNull();
    }

    [Fact]
    public async Task Working_executor_reports_no_problem() => (await Executor.CheckAsync(CancellationToken.None)).Should().BeNull();
}
