using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Tests.Scheduling;

/// <summary>Fair share (docs/aws-behaviour.md, section 9.3), and the rows of 6.2 about share identifiers.</summary>
[Trait("Section", "9.3")]
public sealed class FairShareTests
{
    private readonly Emulation _emulation = new();

    [Theory]
    [AwsRule("6.2", Evidence.Live, "no share identifier on a fair-share queue, bare", "shareIdentifier must be specified.")]
    [InlineData("""{}""", "shareIdentifier must be specified.")]
    [InlineData("""{"schedulingPriorityOverride":1}""", "shareIdentifier must be specified.")]
    [AwsRule("6.2", Evidence.Live, "no priority on a fair-share queue, neither the definition's nor an override, bare",
        "Either schedulingPriority in job definition or schedulingPriorityOverride is required.")]
    [InlineData("""{"shareIdentifier":"s"}""", "Either schedulingPriority in job definition or schedulingPriorityOverride is required.")]
    public void Submission_is_refused_in_the_words_of_aws(string change, string text)
    {
        Ready();
        var request = Json.Patched(new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "d" }, change);

        var submit = () => _emulation.Call(Wire.Operations.SubmitJob, request);

        submit.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => !e.IsWrapped && e.Message == text);
    }

    [Fact]
    [Trait("Section", "6.2")]
    public void Priority_of_the_definition_or_of_the_submission_is_shown()
    {
        Ready();
        _emulation.Define("urgent", r => r with { SchedulingPriority = 7 });

        var own = _emulation.Submit(with: r => r with { JobDefinition = "urgent", ShareIdentifier = "a" });
        var overridden = _emulation.Submit(
            with: r => r with { JobDefinition = "urgent", ShareIdentifier = "a", SchedulingPriorityOverride = 8 });

        _emulation.Job(own).Specification.SchedulingPriority.Should().Be(7);
        _emulation.Job(overridden).Specification.SchedulingPriority.Should().Be(8);
    }

    [Fact]
    [AwsRule("6.2", Evidence.Open, "more than 500 active share identifiers in a queue (DOC)")]
    public void Submission_that_would_make_a_501st_share_active_is_refused()
    {
        Ready(maxVcpus: 1);
        var ids = Enumerable.Range(0, 500).Select(i => Submit($"s{i}")).ToList();
        var oneMore = () => Submit("s500");
        oneMore.Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(e => !e.IsWrapped && e.Message == OpenTexts.TooManyShares);

        Submit("s7");
        _emulation.Cancel(ids[100]);

        oneMore.Should().NotThrow("s100 has no jobs and has used nothing");
    }

    [Fact]
    public void Shares_get_the_same_regardless_of_the_order_of_submission()
    {
        Ready(maxVcpus: 4);
        var others = Occupy();
        Submit("a", times: 4);
        Submit("b", times: 4);

        others();

        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 2, ["b"] = 2 });
    }

    [Theory]
    [InlineData("b", "b")]
    [InlineData("user-b", "user-*")]
    public void Share_of_half_the_weight_gets_twice_as_much(string share, string entry)
    {
        Ready(maxVcpus: 6, new() { ShareDistribution = [new() { ShareIdentifier = "x", WeightFactor = 9 }, new() { ShareIdentifier = entry, WeightFactor = 0.5f }] });
        var others = Occupy();
        Submit("a", times: 6);
        Submit(share, times: 6);

        others();

        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 2, [share] = 4 });
    }

    [Fact]
    public void Changed_weights_apply_to_waiting_jobs()
    {
        Ready(maxVcpus: 6);
        var others = Occupy();
        Submit("a", times: 6);
        Submit("b", times: 6);

        Update(new() { ShareDistribution = [new() { ShareIdentifier = "b", WeightFactor = 0.5f }] });
        others();

        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 2, ["b"] = 4 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Usage_counts_until_it_has_decayed_also_after_a_restart(bool restarts)
    {
        Ready(maxVcpus: 1, new() { ShareDecaySeconds = 3600 });
        Submit("a");
        _emulation.Advance(TimeSpan.FromMinutes(30));
        if (restarts)
        {
            _emulation.Restart();
        }

        var (a, b) = (Submit("a"), Submit("b"));
        EndRunning();

        (_emulation.Job(a).Status, _emulation.Job(b).Status).Should().Be((JobStatus.Runnable, JobStatus.Starting));

        Drain();
        _emulation.Advance(TimeSpan.FromHours(2));
        ((FairShare)_emulation.State.OrderingOf(_emulation.State.Of<JobQueue>().Keys.Single())!).Shares.Should().BeEmpty();
        var other = Submit("c");
        (a, b) = (Submit("a"), Submit("b"));
        _emulation.Succeed(other);

        (_emulation.Job(a).Status, _emulation.Job(b).Status).Should()
            .Be((JobStatus.Starting, JobStatus.Runnable), "all is forgotten, and a came first");
    }

    [Fact]
    public void Recent_usage_weighs_more()
    {
        Ready(maxVcpus: 1, new() { ShareDecaySeconds = 3600 });
        foreach (var share in new[] { "early", "late" })
        {
            Submit(share);
            _emulation.Advance(TimeSpan.FromMinutes(10));
            EndRunning();
        }

        var other = Submit("other");
        var (late, early) = (Submit("late"), Submit("early"));
        _emulation.Succeed(other);

        (_emulation.Job(late).Status, _emulation.Job(early).Status).Should().Be((JobStatus.Runnable, JobStatus.Starting));
    }

    [Fact]
    public void Within_a_share_priority_comes_first_and_then_the_retried_job()
    {
        Ready(maxVcpus: 1);
        var retried = Submit("a", with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        var low = Submit("a");
        var high = Submit("a", with: r => r with { SchedulingPriorityOverride = 5 });

        _emulation.Start(retried);
        _emulation.Exit(retried, exitCode: 1);
        _emulation.Job(high).Status.Should().Be(JobStatus.Starting);
        _emulation.Succeed(high);

        (_emulation.Job(retried).Status, _emulation.Job(low).Status).Should().Be((JobStatus.Starting, JobStatus.Runnable));
    }

    [Fact]
    public void Head_of_the_lowest_share_blocks_the_others_while_it_does_not_fit()
    {
        Ready(maxVcpus: 4);
        _emulation.Define("big", r => r with { ContainerProperties = Requests.Container("4") });
        var running = Submit("a");
        var big = Submit("b", with: r => r with { JobDefinition = "big" });
        var small = Submit("a");

        _emulation.Job(small).Status.Should().Be(JobStatus.Runnable);
        _emulation.Succeed(running);

        (_emulation.Job(big).Status, _emulation.Job(small).Status).Should().Be((JobStatus.Starting, JobStatus.Runnable));
    }

    /// <summary>The usage of a grows while its job runs, and that of b decays; so another job becomes the head, and it fits.</summary>
    [Fact]
    public void Order_of_the_shares_changes_with_time_alone()
    {
        Ready(maxVcpus: 3);
        _emulation.Define("big", r => r with { ContainerProperties = Requests.Container("3") });
        var used = Submit("b", with: r => r with { JobDefinition = "big" });
        _emulation.Advance(TimeSpan.FromHours(1));
        Submit("a");
        _emulation.Succeed(used);
        Submit("a", with: r => r with { JobDefinition = "big" });
        var small = Submit("b");
        _emulation.Job(small).Status.Should().Be(JobStatus.Runnable);

        _emulation.Advance(TimeSpan.FromMinutes(10));

        _emulation.Job(small).Status.Should().Be(JobStatus.Starting);
    }

    [Theory]
    [InlineData("ce")]
    [InlineData("own")]
    public void Part_of_the_vcpus_is_reserved_for_inactive_shares(string environment)
    {
        Ready(maxVcpus: 8, new() { ComputeReservation = 50 }, environment);

        SubmitArray("a", 8);
        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 4 }, "one active share leaves 50 %");

        SubmitArray("b", 8);
        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 4, ["b"] = 2 }, "two active shares leave 25 %");

        SubmitArray("c", 8);
        RunningByShare().Should()
            .BeEquivalentTo(new Dictionary<string, int> { ["a"] = 4, ["b"] = 2, ["c"] = 1 }, "three active shares leave 12.5 %");
    }

    [Fact]
    public void Unmanaged_environment_without_a_number_of_vcpus_reserves_nothing()
    {
        Ready(maxVcpus: null, new() { ComputeReservation = 50 }, "own");

        Submit("a", times: 8);

        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 8 });
    }

    [Fact]
    public void Arrays_and_nodes_belong_to_the_share_of_their_submission()
    {
        Ready(maxVcpus: 4);
        _emulation.Define("nodes", _ => Requests.MultiNode(2));
        var nodes = Submit("a", with: r => r with { JobDefinition = "nodes" });
        SubmitArray("a", 4);
        SubmitArray("b", 4);

        _emulation.State.Jobs.Values.Where(j => j.IsArrayChild && j.Status.IsPlaced()).Select(j => j.Specification.ShareIdentifier).Should()
            .Equal("a", "a");
        _emulation.Succeed(JobIds.Node(nodes, 0));
        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 3, ["b"] = 1 }, "the other node has still to stop");
        _emulation.Exit(JobIds.Node(nodes, 1));

        RunningByShare().Should().BeEquivalentTo(new Dictionary<string, int> { ["a"] = 2, ["b"] = 2 });
    }

    private void Ready(int? maxVcpus = 16, Wire.FairsharePolicy? fairshare = null, string environment = "ce")
    {
        if (environment == "ce")
        {
            _emulation.Environment(maxVcpus: maxVcpus!.Value);
        }
        else
        {
            _emulation.Call(
                Wire.Operations.CreateComputeEnvironment,
                new() { ComputeEnvironmentName = environment, Type = "UNMANAGED", ServiceRole = "role", UnmanagedvCpus = maxVcpus });
            _emulation.Advance(Settling.Duration);
        }

        var policy = _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p", FairsharePolicy = fairshare }).Arn;
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.Queue("q", 1, environment) with { SchedulingPolicyArn = policy });
        _emulation.Advance(Settling.Duration);
        _emulation.Define();
    }

    private void Update(Wire.FairsharePolicy fairshare) => _emulation.Call(
        Wire.Operations.UpdateSchedulingPolicy, new() { Arn = _emulation.State.Of<SchedulingPolicy>().Keys.Single(), FairsharePolicy = fairshare });

    /// <returns>Id of the last one.</returns>
    private string Submit(
        string share, int times = 1, Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest>? with = null) => Enumerable.Range(0, times)
        .Select(_ => _emulation.Submit(with: r => (with ?? (given => given))(r with { ShareIdentifier = share, SchedulingPriorityOverride = 0 })))
        .ToList()[^1];

    private void SubmitArray(string share, int size) => Submit(share, with: r => r with { ArrayProperties = new() { Size = size } });

    /// <summary>Occupies the whole environment from another queue until the returned function is called.</summary>
    private Action Occupy()
    {
        _emulation.Queue("others", 9);
        var size = _emulation.State.Of<ComputeEnvironment>().Values.Single().MaximumMilliVcpus / 1000;
        var job = _emulation.Submit(with: r => r with
        {
            JobQueue = "others",
            ContainerOverrides = new() { ResourceRequirements = [new() { Type = "VCPU", Value = $"{size}" }] },
        });
        return () => _emulation.Succeed(job);
    }

    private void EndRunning()
    {
        foreach (var key in _emulation.Running.Keys.ToList())
        {
            _emulation.Succeed(key.JobId);
        }
    }

    private void Drain()
    {
        while (_emulation.Running.Count > 0)
        {
            EndRunning();
        }
    }

    private Dictionary<string, int> RunningByShare() => _emulation.State.Jobs.Values
        .Where(j => j.Current is not null && !j.IsMultiNode)
        .CountBy(j => j.Specification.ShareIdentifier!)
        .ToDictionary();
}
