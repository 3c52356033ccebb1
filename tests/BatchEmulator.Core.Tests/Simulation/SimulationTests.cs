using System.Globalization;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>
/// Seeded workloads with arrays, dependencies, retries, timeouts, cancellations and restarts, run against the engine; the invariants are
/// asserted after every turn. A failing seed is part of the test's name and of its message.
/// </summary>
public sealed class SimulationTests
{
    private const int Seeds = 1_000;
    private const int Batches = 20;

    public static TheoryData<int> EveryBatch() => [.. Enumerable.Range(0, Batches)];

    [Theory]
    [MemberData(nameof(EveryBatch))]
    public void Invariants_hold_for_every_seed_of_batch(int batch)
    {
        for (var seed = batch; seed < Seeds; seed += Batches)
        {
            try
            {
                new Workload(seed).Run();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"Seed {seed} breaks a law: {exception.Message}"), exception);
            }
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_run()
    {
        var first = new Workload(42);
        var second = new Workload(42);
        first.Run();
        second.Run();

        first.Trace.Should().Equal(second.Trace);
    }
}
