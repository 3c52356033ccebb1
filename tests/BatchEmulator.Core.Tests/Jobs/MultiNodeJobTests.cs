using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Multi-node parallel jobs (docs/aws-behaviour.md, sections 6.2, 6.3, 7.5, 7.8 and 8).</summary>
[Trait("Section", "7.5")]
[Trait("Section", "7.8")]
public sealed partial class MultiNodeJobTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [AwsRule("7.8", Evidence.Doc, "the main node first, the others when it runs")]
    public void Main_node_starts_first_and_the_others_when_it_runs()
    {
        var id = Submit(3, main: 1);
        _emulation.Job(id).Status.Should().Be(JobStatus.Starting);
        _emulation.Running.Keys.Should().Equal(new AttemptKey($"{id}#1", 1));
        _emulation.FindJob($"{id}#0").Should().BeNull("nodes are there from their start on");

        _emulation.Start($"{id}#1");

        _emulation.Job(id).Status.Should().Be(JobStatus.Running);
        _emulation.Running.Keys.Should()
            .BeEquivalentTo([new AttemptKey($"{id}#0", 1), new AttemptKey($"{id}#1", 1), new AttemptKey($"{id}#2", 1)]);
        _emulation.StatusesOf($"{id}#0").Should().Equal(JobStatus.Submitted, JobStatus.Runnable, JobStatus.Starting);
        _emulation.Job(id).StartedAt.Should().Be(_emulation.Job($"{id}#1").StartedAt);
    }

    [Fact]
    [AwsRule("7.8", Evidence.Doc, "its end is the end of the job")]
    public void End_of_the_main_node_is_the_end_of_the_job_and_the_others_are_stopped()
    {
        var id = Running(3);
        _emulation.Succeed($"{id}#2");
        _emulation.Job(id).Status.Should().Be(JobStatus.Running);
        _emulation.Exit($"{id}#0");

        _emulation.Job(id).Status.Should().Be(JobStatus.Succeeded);
        _emulation.Job(id).StatusReason.Should().Be("Essential container in task exited");
        _emulation.Job($"{id}#2").Status.Should().Be(JobStatus.Succeeded);
        _emulation.Stopped.Should().Equal(new AttemptKey($"{id}#1", 1));

        _emulation.Exit($"{id}#1", 143);
        _emulation.Job($"{id}#1").Should().Match<Job>(n => n.Status == JobStatus.Failed && n.StatusReason == OpenTexts.MainNodeEnded);
        _emulation.State.Jobs.Should().BeEmpty();
    }

    [Theory]
    [AwsRule("7.8", Evidence.Doc, "the failure of another node does nothing")]
    [InlineData(1)]
    [InlineData(0)]
    public void End_of_another_node_has_no_effect(int exitCode)
    {
        var id = Running(2);
        _emulation.Start($"{id}#1");
        _emulation.Exit($"{id}#1", exitCode);

        _emulation.Job(id).Status.Should().Be(JobStatus.Running);
        _emulation.Stopped.Should().BeEmpty();
        _emulation.Job($"{id}#1").Status.Should().Be(exitCode == 0 ? JobStatus.Succeeded : JobStatus.Failed);
    }

    [Fact]
    [AwsRule("7.8", Evidence.Doc, "a retry runs all nodes again")]
    public void Retry_waits_for_the_last_node_and_runs_them_all_again()
    {
        var id = Running(3, r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Start($"{id}#1");
        _emulation.Exit($"{id}#1");
        _emulation.Exit($"{id}#0", 1);
        _emulation.Job(id).Status.Should().Be(JobStatus.Running, "a node still runs");
        _emulation.Exit($"{id}#2", 137);

        _emulation.StatusesOf(id).Should().Equal(
            JobStatus.Submitted, JobStatus.Runnable, JobStatus.Starting, JobStatus.Running, JobStatus.Runnable, JobStatus.Starting);
        _emulation.Running.Keys.Should().Equal(new AttemptKey($"{id}#0", 2));
        _emulation.Running.Values.Single().Containers[0].Environment.Should()
            .Contain(new KeyValuePair<string, string>("AWS_BATCH_JOB_ATTEMPT", "2"));
        _emulation.Job($"{id}#1").Should()
            .Match<Job>(n => n.Status == JobStatus.Runnable && n.StoppedAt == null && n.StatusReason == null && n.Attempts.Count == 1);

        _emulation.Start($"{id}#0");
        _emulation.Running.Keys.Should().Contain([new AttemptKey($"{id}#1", 2), new AttemptKey($"{id}#2", 2)]);
        _emulation.Exit($"{id}#0", 1);
        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.Attempts.Count == 2);
        _emulation.Exit($"{id}#1", 137);
        _emulation.Exit($"{id}#2", 137);
        _emulation.Job($"{id}#2").Attempts.Should().HaveCount(2);
    }

    [Fact]
    public void Failure_of_the_main_node_to_start_is_the_jobs()
    {
        var id = Submit(2);
        _emulation.End($"{id}#0", new AttemptNotStarted("CannotPullContainerError: no"));

        var detail = Detail(id);
        detail.Status.Should().Be("FAILED");
        detail.StatusReason.Should().Be("Task failed to start");
        detail.Attempts![0].Container!.Reason.Should().Be("CannotPullContainerError: no");
        _emulation.FindJob($"{id}#1").Should().BeNull();
    }

    [Fact]
    public void Job_that_failed_before_all_nodes_restarted_ends_them()
    {
        var id = Running(2, r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Exit($"{id}#0", 1);
        _emulation.Exit($"{id}#1", 137);
        _emulation.End($"{id}#0", new AttemptHostLost());

        _emulation.Job(id).Status.Should().Be(JobStatus.Failed);
        _emulation.Job($"{id}#1").Should().Match<Job>(n => n.Status == JobStatus.Failed && n.StatusReason == OpenTexts.MainNodeEnded);
        _emulation.State.Jobs.Should().BeEmpty();
    }

    [Fact]
    [AwsRule("7.8", Evidence.Doc, "the timeout covers the whole job")]
    public void Timeout_covers_the_whole_job()
    {
        var id = Running(2, r => r with { Timeout = new() { AttemptDurationSeconds = 60 } });
        _emulation.Advance(TimeSpan.FromSeconds(59));
        _emulation.Start($"{id}#1");
        _emulation.Stopped.Should().BeEmpty();
        _emulation.Advance(TimeSpan.FromSeconds(1));

        _emulation.Stopped.Should().BeEquivalentTo([new AttemptKey($"{id}#0", 1), new AttemptKey($"{id}#1", 1)]);
        _emulation.Exit($"{id}#0", 137);
        _emulation.Job(id).StatusReason.Should().Be("Job attempt duration exceeded timeout");
    }

    [Fact]
    public void Terminated_job_stops_every_node_and_is_not_tried_again()
    {
        var id = Running(2, r => r with { RetryStrategy = new() { Attempts = 3 } });
        _emulation.Terminate(id, "enough");
        _emulation.Stopped.Should().HaveCount(2);
        _emulation.Exit($"{id}#1", 143);
        _emulation.Job(id).Status.Should().Be(JobStatus.Running);
        _emulation.Exit($"{id}#0", 143);

        Detail(id).Should().Match<Wire.JobDetail>(j => j.Status == "FAILED" && j.StatusReason == "enough" && j.IsTerminated == true);
        Detail($"{id}#1").Should().Match<Wire.JobDetail>(j => j.Status == "FAILED" && j.StatusReason == "enough" && j.IsTerminated == true);
    }

    [Fact]
    public void Job_terminated_while_it_waits_for_a_retry_ends_with_its_last_node()
    {
        var id = Running(2, r => r with { RetryStrategy = new() { Attempts = 3 } });
        _emulation.Exit($"{id}#0", 1);
        _emulation.Terminate(id, "enough");
        _emulation.Exit($"{id}#1", 137);

        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "enough");
    }

    [Fact]
    public void Terminated_node_ends_alone_and_the_main_node_ends_the_job()
    {
        var id = Running(3);
        _emulation.Terminate($"{id}#2", "this one");
        _emulation.Exit($"{id}#2", 143);
        _emulation.Job(id).Status.Should().Be(JobStatus.Running);
        _emulation.Terminate($"{id}#0", "and that");
        _emulation.Exit($"{id}#0", 143);

        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "and that");
    }

    [Fact]
    public void Cancelled_job_fails_while_it_waits_and_continues_while_it_runs()
    {
        var running = Running(2);
        var waiting = Submit(16);
        _emulation.Cancel(running);
        _emulation.Cancel(waiting, "not now");

        _emulation.Job(running).Status.Should().Be(JobStatus.Running);
        _emulation.Job(waiting).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "not now");
    }

    [Fact]
    public void Job_is_placed_only_when_there_is_room_for_all_its_nodes()
    {
        var first = _emulation.Submit(with: r => r with { JobDefinition = "d" });
        var id = Submit(16);
        _emulation.Job(id).Status.Should().Be(JobStatus.Runnable);
        _emulation.Succeed(first);

        _emulation.Job(id).Status.Should().Be(JobStatus.Starting);
        var behind = _emulation.Submit(with: r => r with { JobDefinition = "d" });
        _emulation.Job(behind).Status.Should().Be(JobStatus.Runnable, "room is held for nodes that have not started");
    }

    [Fact]
    public void Nodes_hold_their_capacity_while_they_are_being_stopped()
    {
        var id = Running(16);
        _emulation.Exit($"{id}#0");
        _emulation.Job(id).Status.Should().Be(JobStatus.Succeeded);
        var one = _emulation.Submit(with: r => r with { JobDefinition = "d" });
        var other = _emulation.Submit(with: r => r with { JobDefinition = "d" });

        _emulation.Job(one).Status.Should().Be(JobStatus.Starting);
        _emulation.Job(other).Status.Should().Be(JobStatus.Runnable);
        _emulation.Restart();
        _emulation.Exit($"{id}#1", 137);
        _emulation.Job(other).Status.Should().Be(JobStatus.Starting);
    }

    /// <summary>
    /// A head environment without free capacity blocks even if the next one has free capacity (docs/aws-behaviour.md, section 9.2).
    /// </summary>
    [Fact]
    public void First_environment_that_accepts_such_jobs_decides()
    {
        _emulation.Environment(
            "spot",
            64,
            r => r with { ComputeResources = r.ComputeResources! with { Type = "SPOT", AllocationStrategy = "SPOT_CAPACITY_OPTIMIZED" } });
        _emulation.Environment("small", 4);
        _emulation.Queue("mixed", 1, "spot", "small", "ce");
        var first = Submit(4, with: r => r with { JobQueue = "mixed" });
        var second = Submit(4, with: r => r with { JobQueue = "mixed" });

        _emulation.Job(first).Current!.ComputeEnvironmentArn.Should().EndWith("/small");
        _emulation.Job(second).Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    [AwsRule("8", Evidence.Doc, "the variables of nodes")]
    public void Nodes_have_their_index_and_all_but_the_main_node_its_address()
    {
        var id = Submit(2);
        _emulation.Turn(new AttemptStarted(new AttemptKey($"{id}#0", 1), "10.0.0.7"));

        Environment($"{id}#0").Should().Contain(
        [
            new("AWS_BATCH_JOB_ID", $"{id}#0"), new("AWS_BATCH_JOB_NODE_INDEX", "0"), new("AWS_BATCH_JOB_NUM_NODES", "2"), new("AWS_BATCH_JOB_MAIN_NODE_INDEX", "0"),
        ]).And.NotContain(v => v.Key == "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS").And.NotContain(v => v.Key == "AWS_BATCH_JOB_ARRAY_INDEX");
        Environment($"{id}#1").Should()
            .Contain([new("AWS_BATCH_JOB_NODE_INDEX", "1"), new("AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS", "10.0.0.7")]);
        _emulation.Running.Values.Should().OnlyContain(l => l.Network == new AttemptKey(id, 1));
    }

    [Fact]
    [AwsRule("7.4", Evidence.Rec, "attempts of a multi-node parallel job")]
    public void Job_shows_its_nodes_and_the_attempts_of_its_main_node()
    {
        var id = Submit(2);
        _emulation.Turn(new AttemptStarted(new AttemptKey($"{id}#0", 1), "10.0.0.7"));
        _emulation.Exit($"{id}#0");

        var job = Detail(id);
        job.Container.Should().BeNull();
        job.NodeDetails.Should().BeNull();
        job.RetryStrategy.Should().BeNull("none was given");
        job.NodeProperties.Should()
            .Match<Wire.NodeProperties>(n => n.NumNodes == 2 && n.MainNode == 0 && n.NodeRangeProperties!.Count == 1);
        var attempt = job.Attempts!.Single();
        attempt.Container.Should().BeEquivalentTo(new Wire.AttemptContainerDetail
        {
            ExitCode = 0,
            LogStreamName = Detail($"{id}#0").Container!.LogStreamName,
            NetworkInterfaces = [],
        });
        JobSummaries.Of(_emulation.Job(id), isFiltered: false).Should().Match<Wire.JobSummary>(s =>
            s.NodeProperties!.NumNodes == 2
                && s.NodeProperties.NodeIndex == null
                && s.Container!.ExitCode == 0
                && s.ArrayProperties == null);
    }

    [Fact]
    public void Node_shows_its_container_and_its_interface()
    {
        var id = Submit(2);
        _emulation.Turn(new AttemptStarted(new AttemptKey($"{id}#0", 1), "10.0.0.7"));

        var node = Detail($"{id}#0");
        node.JobArn.Should().EndWith($"job/{id}#0");
        node.NodeDetails.Should().Be(new Wire.NodeDetails { NodeIndex = 0, IsMainNode = true });
        node.RetryStrategy.Should().BeNull();
        node.ArrayProperties.Should().BeNull();
        node.NodeProperties.Should().BeNull();
        node.Container!.NetworkInterfaces.Should().ContainSingle().Which.PrivateIpv4Address.Should().Be("10.0.0.7");
        Detail($"{id}#1").Container!.ContainerInstanceArn.Should()
            .NotBe(node.Container.ContainerInstanceArn, "there is one container per instance");
        JobSummaries.Of(_emulation.Job($"{id}#1"), isFiltered: false).Should().Match<Wire.JobSummary>(s =>
            s.NodeProperties!.NodeIndex == 1 && s.NodeProperties.IsMainNode == false && s.ArrayProperties == null && s.Container != null);

        _emulation.Exit($"{id}#0");
        Detail($"{id}#0").Attempts!.Single().Container!.NetworkInterfaces.Should().BeEquivalentTo(node.Container.NetworkInterfaces);
    }

    [Fact]
    public void Nodes_run_the_work_of_their_range_and_the_job_needs_the_sum()
    {
        _emulation.Define("mixed", _ => Json.Patched(
            Requests.MultiNode(3, name: "mixed"),
            """{"nodeProperties":{"nodeRangeProperties":[{"targetNodes":":","container":{"image":"worker","vcpus":2,"memory":100}},{"targetNodes":"0","container":{"image":"lead","vcpus":1,"memory":50}}]}}"""));
        var id = _emulation.Submit(with: r => r with { JobDefinition = "mixed" });
        _emulation.Start($"{id}#0");

        _emulation.Job(id).Needs.Should().Be(new ResourceAmounts(5_000, 250));
        _emulation.Running.OrderBy(r => r.Key.JobId, StringComparer.Ordinal).Select(r => r.Value.Containers[0].Image).Should()
            .Equal("lead", "worker", "worker");
    }

    [Fact]
    public void Places_in_the_order_of_creation_are_reserved_for_later_nodes()
    {
        var id = Submit(3);
        var next = _emulation.Submit();
        _emulation.Restart();
        _emulation.Start($"{id}#0");

        _emulation.Job($"{id}#2").Sequence.Should().BeLessThan(_emulation.Job(next).Sequence);
        _emulation.Store.Load().Changes.OfType<JobSaved>().Select(c => c.Value.Sequence).Should().HaveCount(5).And.OnlyHaveUniqueItems();
    }

    /// <summary>Submits a job of a number of nodes of one vCPU each, placed if there is capacity.</summary>
    private string Submit(int nodes, int main = 0, Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest>? with = null)
    {
        var name = $"nodes{nodes}";
        _emulation.Define(name, _ => Requests.MultiNode(nodes, main, name));
        return _emulation.Submit(with: r => (with ?? (x => x))(r with { JobDefinition = name }));
    }

    /// <summary>Submits a job whose main node runs and whose other nodes start.</summary>
    private string Running(int nodes, Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest>? with = null)
    {
        var id = Submit(nodes, with: with);
        _emulation.Start($"{id}#0");
        return id;
    }

    private Wire.JobDetail Detail(string id) => JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());

    private IReadOnlyList<KeyValuePair<string, string>> Environment(string id) =>
        _emulation.Running[_emulation.KeyOf(id)].Containers[0].Environment;
}
