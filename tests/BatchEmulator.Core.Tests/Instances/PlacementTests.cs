using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Instances;

/// <summary>Jobs on instances (User Guide, "Compute environments").</summary>
public sealed class PlacementTests
{
    private static readonly EngineOptions Delayed = new() { ScaleUpDelay = TimeSpan.FromMinutes(2) };

    [Fact]
    public void Jobs_share_an_instance_as_long_as_their_vcpus_and_memory_fit()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.xlarge"] });

        string[] jobs = [emulation.SubmitSized(1, 8_000), emulation.SubmitSized(1, 7_000), emulation.SubmitSized(1, 1_000)];

        jobs.Select(job => emulation.InstanceOf(job).Name).Should().HaveCount(3)
            .And.Subject.Distinct().Should().HaveCount(2, "16,384 MiB are nominal, and fewer are left for jobs");
        emulation.InstanceOf(jobs[0]).Should().Be(emulation.InstanceOf(jobs[1]));
        emulation.Desired().Should().Be(8);
    }

    [Fact]
    public void Gpus_are_whole_devices_of_one_instance()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["g5.12xlarge"] }, maxVcpus: 96);
        emulation.Define("gpu", r => r with
        {
            ContainerProperties = Requests.Container() with
            {
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "128" }, new() { Type = "GPU", Value = "3" }],
            },
        });

        var jobs = Enumerable.Range(0, 3).Select(_ => emulation.Submit(with: r => r with { JobDefinition = "gpu" })).ToList();

        emulation.Types().Should().Equal("g5.12xlarge", "g5.12xlarge");
        emulation.Job(jobs[2]).Status.Should().Be(JobStatus.Runnable, "each instance has four GPUs, and maxvCpus allows two instances");
    }

    [Fact]
    public void The_most_filled_instance_is_taken_first()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.xlarge"] }, maxVcpus: 8);
        var first = emulation.SubmitSized(3);
        var second = emulation.SubmitSized(4);
        emulation.Succeed(second);

        var third = emulation.SubmitSized(1);

        emulation.InstanceOf(third).Should().Be(emulation.InstanceOf(first));
    }

    [Fact]
    public void Job_shows_its_instance_and_the_instance_keeps_its_name()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] });
        var job = emulation.SubmitSized();
        var instance = emulation.InstanceOf(job);

        emulation.Restart();
        emulation.Succeed(job);

        instance.Name.Should().MatchRegex("^i-0[0-9a-f]{16}$");
        emulation.Instances().Should().Equal(instance);
        emulation.Call(Wire.Operations.DescribeJobs, new() { Jobs = [job] }).Jobs![0].Container!.ContainerInstanceArn
            .Should().Be(instance.Arn);
    }

    [Fact]
    public void Nodes_have_an_instance_each_and_are_placed_together_or_not_at_all()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] }, maxVcpus: 6);
        emulation.Call(Wire.Operations.RegisterJobDefinition, Requests.MultiNode(3));
        var other = emulation.SubmitSized();
        var nodes = emulation.Submit(with: r => r with { JobDefinition = "nodes" });
        emulation.Job(nodes).Status.Should().Be(JobStatus.Runnable);
        emulation.Types().Should().HaveCount(1);

        emulation.Succeed(other);
        emulation.Start(JobIds.Node(nodes, 0));

        emulation.State.Jobs.Values.Where(job => job.IsNode).Select(job => job.Current!.ContainerInstanceArn)
            .Should().BeEquivalentTo(emulation.Instances().Select(instance => instance.Arn));
    }

    [Fact]
    public void Job_waits_until_its_instance_has_appeared()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] }, options: Delayed);
        var job = emulation.SubmitSized();
        emulation.Job(job).Status.Should().Be(JobStatus.Runnable);
        emulation.Instances().Single().Status.Should().Be(InstanceStatus.Pending);
        emulation.Desired().Should().Be(2);

        emulation.Advance(TimeSpan.FromMinutes(2));

        emulation.Job(job).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Instances_for_all_waiting_jobs_are_launched_at_once()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] }, options: Delayed);

        emulation.SubmitArray(7);
        emulation.Types().Should().HaveCount(4);
        emulation.Advance(TimeSpan.FromMinutes(2));

        emulation.Running.Should().HaveCount(7);
    }

    [Fact]
    public void No_job_overtakes_one_that_waits_for_its_instance()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large", "m5.2xlarge"] }, options: Delayed);
        var running = emulation.SubmitSized();
        emulation.Advance(TimeSpan.FromMinutes(2));

        var large = emulation.SubmitSized(8);
        var small = emulation.SubmitSized();

        emulation.Job(running).Status.Should().Be(JobStatus.Starting);
        emulation.Job(large).Status.Should().Be(JobStatus.Runnable);
        emulation.Job(small).Status.Should().Be(JobStatus.Runnable, "the order of the queue is strict");
        emulation.Types().Should().Equal("m5.large", "m5.2xlarge");
    }

    [Fact]
    public void Best_fit_type_that_exceeds_the_maximum_blocks_the_queue_with_a_reason()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.xlarge"] }, maxVcpus: 2);

        var job = emulation.SubmitSized();

        emulation.Job(job).StatusReason.Should().StartWith("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - ");
    }

    [Fact]
    public void Unmanaged_environment_has_the_vcpus_that_its_owner_says()
    {
        var emulation = new Emulation(new EngineOptions());
        emulation.Call(Wire.Operations.CreateComputeEnvironment, new()
        {
            ComputeEnvironmentName = "ce",
            Type = "UNMANAGED",
            UnmanagedvCpus = 3,
            ServiceRole = "batch",
        });
        emulation.Advance(TimeSpan.FromSeconds(1));
        emulation.Queue();
        emulation.Define();

        emulation.SubmitArray(5);

        emulation.Running.Should().HaveCount(3);
        emulation.Instances().Should().BeEmpty();
    }
}
