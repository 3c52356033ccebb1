using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Consumable resources of jobs (docs/aws-behaviour.md, sections 5.3, 6.3 and 11).</summary>
public sealed class ConsumableResourceTests
{
    private const string Arn = "arn:aws:batch:eu-central-1:123456789012:consumable-resource/a";
    private readonly Emulation _emulation = new Emulation().Ready();

    public static TheoryData<string, string> Refused => new()
    {
        { """[{"consumableResource":"a","quantity":1},{"consumableResource":"b","quantity":1},{"consumableResource":"c","quantity":1},{"consumableResource":"d","quantity":1},{"consumableResource":"e","quantity":1},{"consumableResource":"f","quantity":1}]""", "Each ConsumableResourceProperty can have at most 5 consumableResources" },
        { """[{"consumableResource":"a","quantity":1},{"consumableResource":"a","quantity":2}]""", "Cannot have duplicate consumableResource in consumableResourceProperties" },
        { $$"""[{"consumableResource":"a","quantity":1},{"consumableResource":"{{Arn}}","quantity":2}]""", "Cannot have duplicate consumableResource in consumableResourceProperties" },
        { """[{"quantity":1}]""", OpenTexts.ConsumableResourceIncomplete },
        { """[{"consumableResource":"a"}]""", OpenTexts.ConsumableResourceIncomplete },
        { """[{"consumableResource":"a","quantity":0}]""", OpenTexts.ConsumableResourceIncomplete },
    };

    [Theory]
    [AwsRule("5.3", Evidence.Live, "more than 5 consumable resources",
        "Each ConsumableResourceProperty can have at most 5 consumableResources")]
    [AwsRule("5.3", Evidence.Live, "one consumable resource twice",
        "Cannot have duplicate consumableResource in consumableResourceProperties")]
    [MemberData(nameof(Refused))]
    public void Definition_and_submission_refuse_the_same_values(string list, string text)
    {
        var definition = Json.Patched(Requests.Definition("r"), """{"consumableResourceProperties":{"consumableResourceList":LIST}}""".Replace("LIST", list));
        var job = Json.Patched(
            new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "d" },
            """{"consumableResourcePropertiesOverride":{"consumableResourceList":LIST}}""".Replace("LIST", list));

        _emulation.Invoking(e => e.Define(with: _ => definition)).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
        _emulation.Invoking(e => e.Submit(with: _ => job)).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Fact]
    public void Job_waits_at_the_head_of_its_queue_for_a_resource_that_does_not_exist()
    {
        _emulation.Define("licensed", r => r with { ConsumableResourceProperties = Needs(("licence", 2)) });
        var waiting = _emulation.Submit(with: r => r with { JobDefinition = "licensed" });
        var behind = _emulation.Submit();

        _emulation.Job(waiting).Status.Should().Be(JobStatus.Runnable);
        _emulation.Job(waiting).StatusReason.Should().BeNull();
        _emulation.Job(behind).Status.Should().Be(JobStatus.Runnable);

        _emulation.Cancel(waiting, "no licence");

        _emulation.Job(waiting).StatusReason.Should().Be("no licence");
        _emulation.Job(behind).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "consumable resources are replaced")]
    public void Submission_replaces_the_needs_of_the_definition()
    {
        _emulation.Define("licensed", r => r with { ConsumableResourceProperties = Needs(("licence", 2), ("seat", 1)) });
        string Submit(Wire.ConsumableResourceProperties? other) =>
            _emulation.Submit(with: r => r with { JobDefinition = "licensed", ConsumableResourcePropertiesOverride = other });

        var free = Submit(new());
        var other = Submit(Needs(("licence", 7)));
        var same = Submit(null);

        _emulation.Job(free).Status.Should().Be(JobStatus.Starting);
        Shown(free)!.ConsumableResourceList.Should().BeEmpty();
        Shown(other)!.ConsumableResourceList.Should().Equal(Needs(("licence", 7)).ConsumableResourceList!);
        Shown(same)!.ConsumableResourceList.Should().Equal(Needs(("licence", 2), ("seat", 1)).ConsumableResourceList!);
        Shown(_emulation.Submit()).Should().BeNull();
    }

    [Fact]
    public void Definition_shows_its_needs()
    {
        Wire.JobDefinition Of(Wire.ConsumableResourceProperties? needs) => JobDefinitionEcho.Of(Requests.Definition() with { ConsumableResourceProperties = needs });

        Of(Needs((Arn, 3))).ConsumableResourceProperties!.ConsumableResourceList.Should().Equal(Needs((Arn, 3)).ConsumableResourceList!);
        Of(new()).ConsumableResourceProperties!.ConsumableResourceList.Should().BeEmpty();
        Of(null).ConsumableResourceProperties.Should().BeNull();
    }

    [Fact]
    public void Units_are_held_while_the_job_runs()
    {
        Create("licence", 3);
        _emulation.Define(
            "licensed", r => r with { ConsumableResourceProperties = Needs(("licence", 2)), RetryStrategy = new() { Attempts = 2 } });
        var first = _emulation.Submit(with: r => r with { JobDefinition = "licensed" });
        var second = _emulation.Submit(with: r => r with { JobDefinition = "licensed" });

        Quantities("licence").Should().Be((3, 2, 1));
        _emulation.Job(second).Status.Should().Be(JobStatus.Runnable);
        _emulation.Start(first);
        _emulation.Exit(first, 1);
        _emulation.Job(first).Status.Should().Be(JobStatus.Starting, "it is at the front");
        Quantities("licence").Should().Be((3, 2, 1));
        _emulation.Restart();
        Quantities("licence").Should().Be((3, 2, 1));
        _emulation.Succeed(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Starting);
        _emulation.Terminate(second);
        _emulation.Exit(second, 143);

        Quantities("licence").Should().Be((3, 0, 3));
    }

    [Fact]
    public void Job_that_waits_for_a_retry_has_returned_its_units_unused()
    {
        Create("licence", 1, "NON_REPLENISHABLE");
        _emulation.Define(
            "licensed", r => r with { ConsumableResourceProperties = Needs(("licence", 1)), RetryStrategy = new() { Attempts = 2 } });
        var job = _emulation.Submit(with: r => r with { JobDefinition = "licensed" });
        _emulation.Call(Wire.Operations.UpdateComputeEnvironment, new() { ComputeEnvironment = "ce", State = "DISABLED" });
        _emulation.Exit(job, 1);
        _emulation.Job(job).Status.Should().Be(JobStatus.Runnable);

        Quantities("licence").Should().Be((1, 0, 1));
    }

    [Fact]
    public void Units_that_cannot_be_replenished_are_used_up()
    {
        Create("credit", 3, "NON_REPLENISHABLE");
        _emulation.Define("paid", r => r with { ConsumableResourceProperties = Needs(("credit", 2)) });
        var first = _emulation.Submit(with: r => r with { JobDefinition = "paid" });
        Quantities("credit").Should().Be((3, 2, 1));
        _emulation.Succeed(first);
        Quantities("credit").Should().Be((1, 0, 1));
        var second = _emulation.Submit(with: r => r with { JobDefinition = "paid" });
        _emulation.Job(second).Status.Should().Be(JobStatus.Runnable);

        Update("credit", "ADD", 1);

        _emulation.Job(second).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Children_hold_their_own_units_and_nodes_hold_them_together()
    {
        Create("licence", 5);
        _emulation.Define("licensed", r => r with { ConsumableResourceProperties = Needs((Resource("licence"), 2)) });
        var array = _emulation.Submit(with: r => r with { JobDefinition = "licensed", ArrayProperties = new() { Size = 3 } });
        Quantities("licence").Should().Be((5, 4, 1));
        _emulation.Succeed($"{array}:0");
        _emulation.Succeed($"{array}:1");
        _emulation.Succeed($"{array}:2");
        Quantities("licence").Should().Be((5, 0, 5));

        _emulation.Define("nodes", _ => Requests.MultiNode(3) with
        {
            NodeProperties = new()
            {
                NumNodes = 3,
                MainNode = 0,
                NodeRangeProperties =
                [
                    new() { TargetNodes = "0", Container = Requests.Container(), ConsumableResourceProperties = Needs(("licence", 1)) },
                    new() { TargetNodes = "1:", Container = Requests.Container(), ConsumableResourceProperties = Needs(("licence", 2)) },
                ],
            },
        });
        var nodes = _emulation.Submit(with: r => r with { JobDefinition = "nodes" });
        Quantities("licence").Should().Be((5, 5, 0));
        _emulation.Succeed($"{nodes}#0");

        _emulation.Job(nodes).Status.Should().Be(JobStatus.Succeeded);
        Quantities("licence").Should().Be((5, 0, 5));
    }

    [Fact]
    public void Quantity_below_the_usage_is_reached_as_jobs_end()
    {
        Create("licence", 4);
        _emulation.Define("licensed", r => r with { ConsumableResourceProperties = Needs(("licence", 2)) });
        var jobs = new[] { 1, 2, 3 }.Select(_ => _emulation.Submit(with: r => r with { JobDefinition = "licensed" })).ToList();

        Update("licence", "REMOVE", 2).TotalQuantity.Should().Be(4);

        Quantities("licence").Should().Be((4, 4, 0));
        _emulation.Succeed(jobs[0]);
        Quantities("licence").Should().Be((2, 2, 0));
        _emulation.Job(jobs[2]).Status.Should().Be(JobStatus.Runnable);
        Update("licence", "SET", 9).TotalQuantity.Should().Be(9);
        _emulation.Job(jobs[2]).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Update_with_a_token_is_applied_once_within_eight_hours()
    {
        Create("licence", 1);
        Update("licence", "ADD", 5, "once").TotalQuantity.Should().Be(6);
        Update("licence", "ADD", 5, "once").TotalQuantity.Should().Be(6);
        _emulation.Restart();
        _emulation.Advance(TimeSpan.FromHours(7));
        Update(Resource("licence"), "ADD", 5, "once").TotalQuantity.Should().Be(6);
        _emulation.Advance(TimeSpan.FromHours(1));

        Update("licence", "ADD", 5, "once").TotalQuantity.Should().Be(11);
    }

    [Fact]
    public void Resource_that_is_deleted_and_created_again_counts_the_units_still_held()
    {
        Create("licence", 3);
        _emulation.Define("licensed", r => r with { ConsumableResourceProperties = Needs(("licence", 2)) });
        var running = _emulation.Submit(with: r => r with { JobDefinition = "licensed" });
        var waiting = _emulation.Submit(with: r => r with { JobDefinition = "licensed" });
        _emulation.Call(Wire.Operations.DeleteConsumableResource, new() { ConsumableResource = "licence" });
        _emulation.Call(Wire.Operations.DeleteConsumableResource, new() { ConsumableResource = "licence" });
        Create("licence", 3);
        Quantities("licence").Should().Be((3, 2, 1));
        _emulation.Succeed(running);

        _emulation.Job(waiting).Status.Should().Be(JobStatus.Starting);
    }

    [Theory]
    [InlineData("""{"consumableResourceName":"a.b"}""", "ConsumableResource name should match a valid pattern.")]
    [InlineData("""{"totalQuantity":-1}""", "totalQuantity cannot be a negative number.")]
    [InlineData("""{"resourceType":"OTHER"}""", OpenTexts.ConsumableResourceType)]
    [InlineData("""{"consumableResourceName":"there"}""", "Object already exists")]
    public void Create_refuses(string change, string text)
    {
        Create("there", 1);
        var request = Json.Patched(new Wire.CreateConsumableResourceRequest { ConsumableResourceName = "r", TotalQuantity = 1 }, change);

        _emulation.Invoking(e => e.Call(Wire.Operations.CreateConsumableResource, request)).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Theory]
    [InlineData("SET", -1L, OpenTexts.ConsumableQuantity)]
    [InlineData("SET", null, OpenTexts.ConsumableQuantityRequired)]
    [InlineData("TAKE", 1L, OpenTexts.ConsumableOperation)]
    [InlineData("REMOVE", 2L, OpenTexts.ConsumableTotal)]
    [InlineData("ADD", long.MaxValue, OpenTexts.ConsumableTotal)]
    public void Update_refuses(string operation, long? quantity, string text)
    {
        Create("r", 1);

        this.Invoking(t => t.Update("r", operation, quantity)).Should().Throw<ClientException>().WithMessage(text);
        this.Invoking(t => t.Update("nope", "SET", 1)).Should().Throw<ClientException>().WithMessage("ConsumableResource nope not found.");
    }

    private static string Resource(string name) => $"arn:aws:batch:eu-central-1:123456789012:consumable-resource/{name}";

    private void Create(string name, long total, string? type = null) => _emulation.Call(
        Wire.Operations.CreateConsumableResource, new() { ConsumableResourceName = name, TotalQuantity = total, ResourceType = type });

    private Wire.UpdateConsumableResourceResponse Update(
        string name, string operation, long? quantity, string? token = null) => _emulation.Call(
        Wire.Operations.UpdateConsumableResource, new() { ConsumableResource = name, Operation = operation, Quantity = quantity, ClientToken = token });

    private (long Total, long InUse, long Available) Quantities(string name)
    {
        var shown = _emulation.State.Of<ConsumableResource>()[Resource(name)].ToWire(new Dictionary<string, string>());
        return (shown.TotalQuantity!.Value, shown.InUseQuantity!.Value, shown.AvailableQuantity!.Value);
    }

    private static Wire.ConsumableResourceProperties Needs(params (string Resource, long Quantity)[] requirements) => new()
    {
        ConsumableResourceList = [.. requirements.Select(r => new Wire.ConsumableResourceRequirement { ConsumableResource = r.Resource, Quantity = r.Quantity })],
    };

    private Wire.ConsumableResourceProperties? Shown(string id) =>
        JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).ConsumableResourceProperties;
}
