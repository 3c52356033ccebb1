using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Explanations;
using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Tests.Explanations;

public sealed class ExplainJobTests
{
    private Emulation _emulation = new();

    [Fact]
    public void Head_without_room_names_what_is_held_and_what_it_needs()
    {
        _emulation.Ready(maxVcpus: 4);
        Submit(vcpus: 3);
        var job = Submit(vcpus: 2);

        var explanation = Explain(job);

        explanation.Position.Should().Be(1);
        explanation.Ahead.Should().BeNull();
        explanation.Refusals.Should()
            .Equal(new ExplainedRefusal("ce", "NoRoom", "ce has no room: jobs hold 3 of 4 vCPUs, and it needs 2."));
        explanation.Sentences.Should().Equal(
            "It is the next job of queue q to start, since 2026-01-01T00:00:02Z.",
            "ce has no room: jobs hold 3 of 4 vCPUs, and it needs 2.",
            "It can change when a job ends, or when an environment, a policy or a consumable resource is updated.");
    }

    [Fact]
    public void Head_that_can_never_be_placed_is_told_so_at_once()
    {
        _emulation.Ready(maxVcpus: 4);

        var explanation = Explain(Submit(vcpus: 5));

        explanation.Sentences[^1].Should().StartWith("Waiting does not help, since no job that ends makes room for it.");
    }

    [Fact]
    public void Job_behind_the_head_tells_who_holds_it_up_and_why()
    {
        _emulation.Ready(maxVcpus: 4);
        var head = Submit(vcpus: 5);
        var job = Submit(vcpus: 1);

        var explanation = Explain(job);

        explanation.Position.Should().Be(2);
        explanation.Ahead.Should().Equal(new RelatedJob(head, "job", "RUNNABLE"));
        explanation.Sentences.Should().Equal(
            "It is at position 2 of queue q, since 2026-01-01T00:00:02Z.",
            $"Job job ({head}) is to start before it and cannot be placed; no job of the queue overtakes it.",
            "ce can never hold it: it needs 5 vCPUs, and maxvCpus is 4.",
            "Waiting does not help, since no job that ends makes room for it. DescribeJobs shows: "
            + "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.");
    }

    [Fact]
    public void Every_environment_of_the_queue_answers()
    {
        _emulation.Environment("full", maxVcpus: 1);
        _emulation.Environment("disabled", maxVcpus: 8);
        _emulation.Environment("small", maxVcpus: 1);
        _emulation.Queue("q", 1, "full", "disabled", "small");
        _emulation.Define();
        _emulation.Call(Wire.Operations.UpdateComputeEnvironment, new() { ComputeEnvironment = "disabled", State = "DISABLED" });
        _emulation.Advance(Resources.Settling.Duration);
        Submit(vcpus: 1);
        Submit(vcpus: 1);

        var explanation = Explain(Submit(vcpus: 1));

        explanation.Refusals!.Select(refusal => (refusal.Environment, refusal.Reason))
            .Should().Equal(("full", "NoRoom"), ("disabled", "TakesNoJobs"), ("small", "NoRoom"));
        explanation.Sentences.Should().Contain("disabled takes no jobs: its state is DISABLED, its status VALID.");
    }

    [Fact]
    public void Job_that_fits_no_instance_type_names_its_needs_and_the_types()
    {
        _emulation = new(new());
        _emulation.Environment(maxVcpus: 256, with: r => r with { ComputeResources = r.ComputeResources! with { InstanceTypes = ["c5", "m5.large"] } });
        _emulation.Queue("q", 1, "ce");
        _emulation.Define();

        Explain(Submit(vcpus: 100)).Refusals!.Single().Sentence.Should().Be(
            "ce has no instance type that can hold it: it needs 100 vCPUs, 128 MiB, and instanceTypes is c5, m5.large.");
    }

    [Fact]
    public void Head_that_waits_for_an_instance_names_its_type_and_time()
    {
        _emulation = new(new() { ScaleUpDelay = TimeSpan.FromMinutes(2) });
        _emulation.Ready();

        Explain(Submit(vcpus: 3)).Refusals.Should().Equal(new ExplainedRefusal(
            "ce", "AwaitsInstance", "ce launches an instance (c6i.xlarge) for it, which can run jobs at 2026-01-01T00:02:02Z."));
    }

    [Fact]
    public void Head_without_room_on_the_instances_says_why_none_is_launched()
    {
        _emulation = new(new());
        _emulation.Ready(maxVcpus: 4);
        Submit(vcpus: 3);

        Explain(Submit(vcpus: 2)).Refusals.Should().Equal(new ExplainedRefusal(
            "ce",
            "NoRoom",
            "ce has no room: its instance does not have 2 vCPUs, 128 MiB left, and with 4 of 4 vCPUs it cannot launch another. "
            + "Jobs hold 3 vCPUs."));
    }

    [Fact]
    public void Shortage_of_capacity_names_the_type()
    {
        _emulation = new(new());
        _emulation.Ready();
        _emulation.State.Market = Market.Unlimited with { Shortages = [new Shortage("c6i.large", null, DateTimeOffset.MaxValue)] };

        Explain(Submit(vcpus: 2)).Refusals.Should().Equal(new ExplainedRefusal(
            "ce", "NoInstanceCapacity", "ce has no room, and EC2 has no c6i.large On-Demand instances for it."));
    }

    [Fact]
    public void Checks_of_each_environment_are_shown_up_to_the_one_that_failed()
    {
        _emulation = new(new());
        _emulation.Environment("off");
        _emulation.Call(Wire.Operations.UpdateComputeEnvironment, new() { ComputeEnvironment = "off", State = "DISABLED" });
        _emulation.Environment("tiny", maxVcpus: 2);
        _emulation.Environment("busy", maxVcpus: 4);
        _emulation.Queue("q", 1, "off", "tiny", "busy");
        _emulation.Define();
        Submit(vcpus: 3);

        Explain(Submit(vcpus: 3)).Environments!.Select(environment =>
                $"{environment.Environment}: {string.Join(", ", environment.Checks.Select(c => $"{c.Check} {(c.Passed ? "yes" : "no")}"))}")
            .Should().Equal(
                "off: acceptsJobs no",
                "tiny: acceptsJobs yes, fitsWithinMaximum no",
                "busy: acceptsJobs yes, fitsWithinMaximum yes, fitsInstanceType yes, hasRoom no");
    }

    [Fact]
    public void Placed_job_names_its_instance()
    {
        _emulation = new(new());
        _emulation.Ready();
        var job = Submit(vcpus: 2);
        _emulation.Start(job);

        Explain(job).Sentences.Should().Equal(
            $"Attempt 1 runs on instance {_emulation.State.Of<Instance>().Values.Single().Name} (c6i.large, On-Demand) of ce "
            + "since 2026-01-01T00:00:02Z.");
    }

    [Fact]
    public void Missing_units_of_a_consumable_resource_are_counted()
    {
        _emulation.Ready();
        _emulation.Call(Wire.Operations.CreateConsumableResource, new() { ConsumableResourceName = "licence", TotalQuantity = 3 });
        _emulation.Define("licensed", r => r with { ConsumableResourceProperties = new() { ConsumableResourceList = [new() { ConsumableResource = "licence", Quantity = 2 }] } });
        _emulation.Submit(with: r => r with { JobDefinition = "licensed" });

        var explanation = Explain(_emulation.Submit(with: r => r with { JobDefinition = "licensed" }));

        explanation.Refusals.Should().Equal(new ExplainedRefusal(
            null, "LacksUnits", "It needs 2 of the consumable resource licence, of which 1 of 3 are available."));
    }

    [Fact]
    public void Job_with_dependencies_names_those_that_are_not_finished()
    {
        _emulation.Ready(maxVcpus: 1);
        var (first, second) = (_emulation.Submit("first"), _emulation.Submit("second"));
        var job = _emulation.SubmitAfter(first, second);

        Explain(job).Sentences.Should().Equal(
            $"It waits for job first ({first}), which is STARTING.", $"It waits for job second ({second}), which is RUNNABLE.");

        _emulation.Succeed(first);

        Explain(job).DependsOn.Should().Equal(new RelatedJob(second, "second", "STARTING"));
    }

    [Fact]
    public void Array_counts_its_children()
    {
        _emulation.Ready(maxVcpus: 1);
        var array = _emulation.SubmitArray(3);

        Explain(array).Sentences.Should().Equal("It ends when its 3 children have ended: 2 RUNNABLE, 1 STARTING.");
        Explain($"{array}:2").Position.Should().Be(2);
    }

    [Fact]
    public void Running_job_tells_where_since_when_and_until_when()
    {
        _emulation.Ready();
        var job = _emulation.Submit(with: r => r with { Timeout = new() { AttemptDurationSeconds = 60 } });
        Explain(job).Sentences.Should().Equal(
            "Attempt 1 is placed in ce and has not begun: its image is fetched, or it waits for the machine that runs the jobs.");

        _emulation.Start(job);

        Explain(job).Sentences.Should().Equal(
            "Attempt 1 runs in ce since 2026-01-01T00:00:02Z.", "Its timeout ends the attempt at 2026-01-01T00:01:02Z.");
    }

    [Fact]
    public void Retried_job_tells_how_its_last_attempt_ended()
    {
        _emulation.Ready();
        var job = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 3 } });
        _emulation.Start(job);

        _emulation.Exit(job, exitCode: 1);

        Explain(job).Sentences[^1].Should()
            .Be("1 of 3 attempts have ended, the last one at 2026-01-01T00:00:02Z: Essential container in task exited.");
    }

    [Fact]
    public void Finished_job_is_explained_from_the_store()
    {
        _emulation.Ready();
        var job = _emulation.Submit();
        _emulation.Start(job);
        _emulation.Exit(job, exitCode: 1);

        Reply(job).Should().BeNull();
        ExplainJob.OfFinished(_emulation.Job(job)).Sentences[0]
            .Should().Be("It failed at 2026-01-01T00:00:02Z: Essential container in task exited.");
    }

    private JobExplanation Explain(string jobId) => Reply(jobId)!;

    private JobExplanation? Reply(string jobId)
    {
        var command = new Command<ExplainJob.Reply>(turn => ExplainJob.Decide(turn, jobId));
        _emulation.Turn(command);
        return command.Reply!.Explanation;
    }

    private string Submit(int vcpus) => _emulation.Submit(with: r => r with
    {
        ContainerOverrides = new() { ResourceRequirements = [new() { Type = "VCPU", Value = $"{vcpus}" }] },
    });
}
