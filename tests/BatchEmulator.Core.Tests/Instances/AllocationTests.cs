using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Instances;

/// <summary>Types that the allocation strategies launch (User Guide, "Instance type allocation strategies for AWS Batch").</summary>
public sealed class AllocationTests
{
    private const string Spot = "SPOT";

    [Theory]
    [InlineData("BEST_FIT", "optimal", 1, 128, "c6i.large")]
    [InlineData("BEST_FIT", "optimal", 1, 5_000, "m6i.large")]
    [InlineData("BEST_FIT", "optimal", 2, 9_000, "r6i.large")]
    [InlineData("BEST_FIT", "optimal", 3, 128, "c6i.xlarge")]
    [InlineData("BEST_FIT", "m6i,r6i,c6i", 2, 128, "c6i.large")]
    [InlineData("BEST_FIT", "default_arm64", 2, 128, "c6g.large")]
    [InlineData("BEST_FIT_PROGRESSIVE", "optimal", 1, 5_000, "c6i.xlarge")]
    [InlineData("BEST_FIT_PROGRESSIVE", "r6i,m6i", 2, 128, "m6i.large")]
    [InlineData("BEST_FIT_PROGRESSIVE", "m5.4xlarge,m5.large", 8, 128, "m5.4xlarge")]
    [InlineData("BEST_FIT_PROGRESSIVE_ORDERED", "r6i,m6i,c6i", 2, 128, "r6i.large")]
    [InlineData("BEST_FIT_PROGRESSIVE_ORDERED", "c6i.large,m6i.large", 2, 5_000, "m6i.large")]
    public void Type_is_chosen_by_the_strategy(string strategy, string types, int vcpus, int memory, string expected)
    {
        var emulation = Fleet.Emulation(r => r with { AllocationStrategy = strategy, InstanceTypes = types.Split(',') });

        var job = emulation.SubmitSized(vcpus, memory);

        emulation.Job(job).Status.Should().Be(JobStatus.Starting);
        emulation.Types().Should().Equal(expected);
    }

    [Theory]
    [InlineData("SPOT_CAPACITY_OPTIMIZED", "m6i.large", 0.5, "c6i.large", 1.0, "m6i.large")]
    [InlineData("SPOT_CAPACITY_OPTIMIZED", "m6i.large", 0.5, "c6i.large", 0.5, "c6i.large")]
    [InlineData("SPOT_PRICE_CAPACITY_OPTIMIZED", "m6i.large", 0.5, "c6i.large", 0.6, "c6i.large")]
    [InlineData("SPOT_PRICE_CAPACITY_OPTIMIZED", "m6i.large", 0.1, "c6i.large", 1.0, "m6i.large")]
    [InlineData("SPOT_CAPACITY_OPTIMIZED_PRIORITIZED", "m6i.large", 0.5, "c6i.large", 0.5, "m6i.large")]
    [InlineData("SPOT_CAPACITY_OPTIMIZED_PRIORITIZED", "m6i.large", 0.5, "c6i.large", 0.1, "c6i.large")]
    public void Spot_strategy_weighs_the_risk_of_interruptions(
        string strategy, string first, double firstHazard, string second, double secondHazard, string expected)
    {
        var emulation = Fleet.Emulation(r => r with { Type = Spot, AllocationStrategy = strategy, InstanceTypes = [first, second] });
        emulation.State.Market = Market.Unlimited with
        {
            Hazards = Market.Unlimited.Hazards.Add(first, firstHazard).Add(second, secondHazard),
        };

        emulation.SubmitSized(2);

        emulation.Types().Should().Equal(expected);
        emulation.Instances()[0].Purchase.Should().Be(Purchase.Spot);
    }

    [Fact]
    public void Strategies_other_than_best_fit_launch_large_instances_for_many_jobs()
    {
        var emulation = Fleet.Emulation(r => r with { AllocationStrategy = "BEST_FIT_PROGRESSIVE", InstanceTypes = ["m6i"] }, maxVcpus: 64);
        emulation.Call(Wire.Operations.UpdateComputeEnvironment, new() { ComputeEnvironment = "ce", State = "DISABLED" });
        emulation.Advance(TimeSpan.FromSeconds(1));
        emulation.SubmitArray(20);

        emulation.Update(new() { State = "ENABLED" });

        emulation.Types().Should().Equal("m6i.4xlarge", "m6i.xlarge");
    }

    [Theory]
    [InlineData("BEST_FIT", 3, "m5.large")]
    [InlineData("BEST_FIT_PROGRESSIVE", 3, "m5.large,m5.large")]
    [InlineData("BEST_FIT_PROGRESSIVE", 4, "m5.large,m5.large")]
    public void Maximum_may_be_exceeded_by_one_instance_unless_the_strategy_is_best_fit(string strategy, int maxVcpus, string expected)
    {
        var emulation = Fleet.Emulation(r => r with { AllocationStrategy = strategy, InstanceTypes = ["m5.large"] }, maxVcpus);

        emulation.SubmitArray(10);

        emulation.Types().Should().Equal(expected.Split(','));
        emulation.Running.Should().HaveCount(expected.Split(',').Length * 2);
    }

    [Fact]
    public void Best_fit_waits_for_its_type_and_others_take_the_next_one()
    {
        var shortage = Market.Unlimited with { Shortages = [new Shortage("c6i.large", null, DateTimeOffset.MaxValue)] };
        var waiting = Fleet.Emulation(r => r with { InstanceTypes = ["c6i.large", "m6i.large"] });
        var progressing = Fleet.Emulation(
            r => r with { AllocationStrategy = "BEST_FIT_PROGRESSIVE", InstanceTypes = ["c6i.large", "m6i.large"] });
        (waiting.State.Market, progressing.State.Market) = (shortage, shortage);

        var job = waiting.SubmitSized();
        progressing.SubmitSized();

        waiting.Job(job).StatusReason.Should().Be(
            "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [c6i.large]");
        progressing.Types().Should().Equal("m6i.large");
    }

    [Fact]
    public void Job_goes_to_the_next_environment_while_the_first_has_no_capacity()
    {
        var emulation = Fleet.Emulation(r => r with { Type = Spot, SpotIamFleetRole = "fleet", InstanceTypes = ["m5.large"] });
        emulation.AddEnvironment("second", r => r with { InstanceTypes = ["m5.large"] });
        emulation.Queue("both", 1, "ce", "second");
        emulation.State.Market = Market.Unlimited with { Shortages = [new Shortage(null, Purchase.Spot, DateTimeOffset.MaxValue)] };

        var job = emulation.SubmitSized(queue: "both");

        emulation.InstanceOf(job).ComputeEnvironmentArn.Should().EndWith("/second");
        emulation.InstanceOf(job).Purchase.Should().Be(Purchase.OnDemand);
    }
}
