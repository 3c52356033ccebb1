using System.Net;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Addresses of the nodes of a multi-node parallel job.</summary>
public abstract partial class JobExecutorConformance
{
    [Fact]
    public async Task Every_node_has_its_own_address_and_keeps_it()
    {
        var launches = Nodes(3, index => Run("echo ready; sleep 600", forever: true, output: "ready"));

        launches.ForEach(Executor.Start);

        var addresses = new List<IPAddress>();
        foreach (var launch in launches)
        {
            await Observer.StartedAsync(launch.Key);
            addresses.Add(IPAddress.Parse(Observer[launch.Key].PrivateAddress!));
        }

        addresses.Should().OnlyHaveUniqueItems();
        if (TakesUpAgain)
        {
            await RestartAsync();
            await Executor.RecoverAsync(
                [.. launches.Select(launch => new RecoverableAttempt(launch, DateTimeOffset.UnixEpoch))], CancellationToken.None);
            await Observer.StartedAsync(launches[1].Key);
            Observer[launches[1].Key].PrivateAddress.Should().Be(addresses[1].ToString());
        }

        foreach (var launch in launches)
        {
            Executor.Stop(launch.Key);
        }

        foreach (var launch in launches.Where(_ => TakesUpAgain || RunsCommands))
        {
            await Observer.ExitedAsync(launch.Key);
        }

        (await LeftBehindAsync()).Should().BeEmpty();
    }

    /// <summary>Creates the nodes of one attempt of a job.</summary>
    protected static List<AttemptLaunch> Nodes(int count, Func<int, AttemptLaunch> make)
    {
        var job = new AttemptKey(Guid.NewGuid().ToString(), 1);
        return [.. Enumerable.Range(0, count).Select(index => make(index) with
        {
            Key = new AttemptKey($"{job.JobId}#{index}", 1),
            Index = index,
            HasAddress = true,
            Network = job,
        })];
    }
}
