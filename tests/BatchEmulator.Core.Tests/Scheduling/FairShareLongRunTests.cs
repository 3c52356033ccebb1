using BatchEmulator.Core.Engine;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.Tests.Instances;

namespace BatchEmulator.Core.Tests.Scheduling;

/// <summary>Fair share over a long time (docs/aws-behaviour.md, section 9.3).</summary>
[Trait("Section", "9.3")]
public sealed class FairShareLongRunTests
{
    private const int Vcpus = 64;
    private const int Jobs = 6_000;

    private readonly Dictionary<string, double> _vcpuSeconds = new(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
    private readonly PriorityQueue<(string Job, string Share, int Vcpus, double Seconds), DateTimeOffset> _running = new();
    private readonly HashSet<string> _started = new(StringComparer.Ordinal);
    private readonly Random _random = new(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shares_converge_to_their_weights(bool hasInstances)
    {
        var emulation = Ready(hasInstances);
        var shares = _vcpuSeconds.Keys.ToList();
        for (var i = 0; i < 3 * Vcpus; i++)
        {
            Submit(emulation, shares[i % 3]);
        }

        for (var ended = 0; ended < Jobs; ended++)
        {
            var (job, share, vcpus, seconds) = Next(emulation);
            // The first tenth fills the environment.
            _vcpuSeconds[share] += ended > Jobs / 10 ? vcpus * seconds : 0;
            emulation.Exit(job);
            Submit(emulation, share);
        }

        var total = _vcpuSeconds.Values.Sum();
        (_vcpuSeconds["a"] / total).Should().BeApproximately(1.0 / 7, 0.05 / 7);
        (_vcpuSeconds["b"] / total).Should().BeApproximately(2.0 / 7, 0.05 * 2 / 7);
        (_vcpuSeconds["c"] / total).Should().BeApproximately(4.0 / 7, 0.05 * 4 / 7);
    }

    private static Emulation Ready(bool hasInstances)
    {
        var emulation = new Emulation(new EngineOptions { HasInstances = hasInstances });
        emulation.AddEnvironment("ce", r => r with { AllocationStrategy = "BEST_FIT_PROGRESSIVE", InstanceTypes = ["c6i"] }, Vcpus);
        emulation.Call(Wire.Operations.CreateSchedulingPolicy, new()
        {
            Name = "p",
            FairsharePolicy = new()
            {
                ShareDecaySeconds = 3_600,
                ShareDistribution =
                [
                    new() { ShareIdentifier = "a", WeightFactor = 1 },
                    new() { ShareIdentifier = "b", WeightFactor = 0.5f },
                    new() { ShareIdentifier = "c", WeightFactor = 0.25f },
                ],
            },
        });
        emulation.Call(
            Wire.Operations.CreateJobQueue,
            Requests.Queue("q", 1, "ce") with { SchedulingPolicyArn = emulation.State.Of<SchedulingPolicy>().Keys.Single() });
        emulation.Advance(TimeSpan.FromSeconds(1));
        emulation.Define();
        return emulation;
    }

    /// <summary>Submits a job of one to four vCPUs.</summary>
    private void Submit(Emulation emulation, string share) => emulation.Submit(share, r => r with
    {
        ShareIdentifier = share,
        SchedulingPriorityOverride = 1,
        ContainerOverrides = new()
        {
            ResourceRequirements = [new() { Type = "VCPU", Value = $"{_random.Next(1, 5)}" }, new() { Type = "MEMORY", Value = "128" }],
        },
    });

    /// <summary>Starts what has been placed, and moves the time to the end of the next job.</summary>
    private (string Job, string Share, int Vcpus, double Seconds) Next(Emulation emulation)
    {
        foreach (var key in emulation.Running.Keys.Where(key => _started.Add(key.JobId)).ToList())
        {
            var job = emulation.Job(key.JobId);
            var seconds = 30 + (_random.NextDouble() * 60);
            _running.Enqueue(
                (key.JobId, job.Specification.JobName, (int)(job.Needs.MilliVcpus / 1000), seconds), emulation.Now.AddSeconds(seconds));
        }

        _running.TryDequeue(out var next, out var at).Should().BeTrue();
        emulation.Now = at;
        return next;
    }
}
