using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Tests.Instances;

namespace BatchEmulator.Core.Tests.Costs;

/// <summary>Estimated costs. An m5.large has 2 vCPUs and costs 0.096 dollars an hour.</summary>
public sealed class CostReportTests
{
    private static readonly EngineOptions Patient = new() { ScaleDownDelay = TimeSpan.FromHours(1) };

    private readonly Emulation _emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] }, options: Patient);

    [Fact]
    public void Job_pays_for_its_part_of_the_instance_and_the_rest_is_idle()
    {
        var job = _emulation.Submit("half");
        _emulation.Advance(TimeSpan.FromHours(2));
        _emulation.Succeed(job);
        _emulation.Advance(TimeSpan.FromMinutes(30));

        var report = Read(_emulation);

        report.Jobs.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Name = "half",
            JobId = job,
            VcpuHours = 2,
            Usd = 0.096m,
            OnDemand = new TariffCost(2, 0.096m),
            Spot = (TariffCost?)null,
        });
        report.Instances.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            InstanceType = "m5.large",
            Purchase = "ON_DEMAND",
            Instances = 1,
            InstanceHours = 2.5m,
            VcpuHours = 5,
            Busy = 0.4m,
            Usd = 0.24m,
            Idle = new TariffCost(3, 0.144m),
        });
        report.ComputeEnvironments.Single().Usd.Should().Be(0.24m);
        report.Total.Usd.Should().Be(0.24m);
    }

    [Fact]
    public void Instance_that_was_terminated_costs_nothing_more()
    {
        _emulation.Succeed(_emulation.Submit());
        _emulation.Advance(TimeSpan.FromHours(1));
        _emulation.Types().Should().BeEmpty();
        _emulation.Advance(TimeSpan.FromHours(10));

        Read(_emulation).Total.InstanceHours.Should().Be(1);
    }

    [Theory]
    [InlineData(65, "0.0336")]
    [InlineData(0, "0.096")]
    [InlineData(100, "0")]
    public void Spot_instance_is_cheaper_by_the_discount(int percent, string expected)
    {
        var emulation = Fleet.Emulation(
            r => r with { Type = "SPOT", SpotIamFleetRole = "fleet", InstanceTypes = ["m5.large"] },
            options: new() { SpotDiscountPercent = percent });
        emulation.SubmitSized(2);
        emulation.Advance(TimeSpan.FromHours(1));

        var report = Read(emulation);

        report.Total.Spot.Should().Be(new TariffCost(2, Usd(expected)));
        report.Total.Usd.Should().Be(Usd(expected));
        report.SpotDiscountPercent.Should().Be(percent);
    }

    [Theory]
    [InlineData("FARGATE", "0.09874")]
    [InlineData("FARGATE_SPOT", "0.034559")]
    public void Fargate_task_pays_for_vcpus_and_memory(string type, string expected)
    {
        var emulation = new Emulation();
        emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate("ce") with
        {
            ComputeResources = Requests.Fargate().ComputeResources! with { Type = type },
        });
        emulation.Advance(TimeSpan.FromSeconds(1));
        emulation.Queue();
        emulation.Define(with: r => r with
        {
            PlatformCapabilities = ["FARGATE"],
            ContainerProperties = Requests.Container("1", "2048") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" },
        });
        emulation.Submit();
        emulation.Advance(TimeSpan.FromHours(2));

        var report = Read(emulation);

        var job = report.Jobs.Single();
        (type == "FARGATE" ? job.Fargate : job.FargateSpot).Should().Be(new TariffCost(2, Usd(expected), GbHours: 4));
        report.Total.Usd.Should().Be(Usd(expected));
        report.Total.Instances.Should().BeNull();
        report.Total.Busy.Should().BeNull();
    }

    [Fact]
    public void Capacity_without_a_price_counts_hours_only()
    {
        var emulation = new Emulation().Ready();
        emulation.Submit();
        emulation.Advance(TimeSpan.FromHours(3));

        Read(emulation).Total.Should().BeEquivalentTo(new { Usd = 0, VcpuHours = 3, WithoutPrice = new TariffCost(3, 0) });
    }

    [Fact]
    public void Multi_node_job_pays_for_all_its_instances_and_nodes_add_up_in_it()
    {
        _emulation.Call(Wire.Operations.RegisterJobDefinition, Requests.MultiNode(3));
        var job = _emulation.Submit(with: r => r with { JobDefinition = "nodes" });
        _emulation.Start($"{job}#0");
        _emulation.Advance(TimeSpan.FromHours(1));
        _emulation.Exit($"{job}#0");
        _emulation.Advance(TimeSpan.FromHours(0.5));

        var line = Read(_emulation).Jobs.Should().ContainSingle().Subject;

        line.JobId.Should().Be(job);
        line.VcpuHours.Should().Be((3 * 2) + (2 * 2 * 0.5m), "two nodes have not stopped yet");
    }

    [Fact]
    public void Children_add_up_in_their_array_and_attempts_in_their_job()
    {
        var array = _emulation.SubmitArray(2);
        _emulation.Advance(TimeSpan.FromHours(1));
        var retried = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Start(retried);
        _emulation.Advance(TimeSpan.FromHours(1));
        _emulation.Exit(retried, 1);
        _emulation.Advance(TimeSpan.FromHours(2));

        var jobs = Read(_emulation).Jobs;

        jobs.Select(job => (job.JobId, job.VcpuHours)).Should().Equal((array, 8), (retried, 3));
    }

    [Fact]
    public void Costs_add_up_by_environment_queue_share_definition_and_job()
    {
        _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p", FairsharePolicy = new() });
        var policy = _emulation.State.Of<Core.SchedulingPolicies.SchedulingPolicy>().Keys.Single();
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.Queue("fair", 5, "ce") with { SchedulingPolicyArn = policy });
        _emulation.Define("other");
        _emulation.Advance(TimeSpan.FromSeconds(1));
        _emulation.Submit();
        foreach (var share in new[] { "a", "a", "b" })
        {
            _emulation.Submit(with: r => r with
            {
                JobQueue = "fair",
                JobDefinition = "other",
                ShareIdentifier = share,
                SchedulingPriorityOverride = 1,
            });
        }

        _emulation.Advance(TimeSpan.FromHours(1));

        var report = Read(_emulation);

        report.JobQueues.Select(line => (line.Name, line.VcpuHours)).Should().Equal(("fair", 3), ("q", 1));
        report.Shares.Select(line => (line.Name, line.ShareIdentifier, line.VcpuHours)).Should()
            .Equal(("fair a", "a", 2), ("fair b", "b", 1));
        report.JobDefinitions.Select(line => (line.Name, line.VcpuHours)).Should().Equal(("other:1", 3), ("d:1", 1));
        report.Jobs.Sum(line => line.Usd).Should().Be(report.Total.Usd - report.Total.Idle!.Usd);
    }

    [Fact]
    public void Jobs_beyond_the_number_asked_for_are_one_line()
    {
        foreach (var vcpus in new[] { 1, 2, 1 })
        {
            _emulation.SubmitSized(vcpus);
        }

        _emulation.Advance(TimeSpan.FromHours(1));

        Read(_emulation, jobs: 1).Jobs.Select(line => (line.Name, line.VcpuHours)).Should().Equal(("job", 2), ("other jobs", 2));
        Read(_emulation, jobs: 0).Jobs.Select(line => (line.Name, line.VcpuHours)).Should().Equal(("other jobs", 4));
    }

    [Fact]
    public void Interrupted_instances_are_counted_once_and_idle_ones_are_not()
    {
        _emulation.SubmitSized(2);
        _emulation.Succeed(_emulation.SubmitSized(2));
        _emulation.To(_emulation.Instances()[0], (turn, i) => FleetChanges.Interrupt(turn, i, hasNotice: true));
        _emulation.To(_emulation.Instances()[0], (turn, i) => FleetChanges.Interrupt(turn, i, hasNotice: false));
        _emulation.Advance(TimeSpan.FromHours(1));

        _emulation.Instances().Should().BeEmpty();
        Read(_emulation).Total.Should().BeEquivalentTo(new { Instances = 2, Interruptions = 1 });
    }

    [Fact]
    public void Reset_begins_anew()
    {
        _emulation.Submit();
        _emulation.Advance(TimeSpan.FromHours(1));
        _emulation.Turn(new Command<ResetDone>(Reset.Decide));
        var reset = _emulation.Now;
        _emulation.Advance(TimeSpan.FromHours(1));

        var report = Read(_emulation);

        report.Total.VcpuHours.Should().Be(0);
        report.ComputeEnvironments.Should().BeEmpty();
        report.Since.Should().Be($"{reset:yyyy-MM-ddTHH:mm:ssZ}");
        report.Until.Should().Be($"{_emulation.Now:yyyy-MM-ddTHH:mm:ssZ}");
    }

    [Fact]
    public void Restart_begins_with_what_exists_then()
    {
        var job = _emulation.SubmitSized(2);
        _emulation.Advance(TimeSpan.FromHours(1));
        _emulation.Restart();
        _emulation.Turn();
        _emulation.Advance(TimeSpan.FromHours(2));
        _emulation.Succeed(job);
        _emulation.Advance(TimeSpan.FromMinutes(30));

        var report = Read(_emulation);

        report.Total.InstanceHours.Should().Be(2.5m);
        report.Jobs.Single().VcpuHours.Should().Be(4);
    }

    private static CostReport Read(Emulation emulation, int jobs = 100)
    {
        var command = new Command<CostReport>(turn => EngineCosts.Read(turn, jobs));
        emulation.Turn(command);
        return command.Reply!;
    }

    private static decimal Usd(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
