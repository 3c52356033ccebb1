using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Sections 5.3, 6.3 and 11 of the behaviour reference: what jobs need of consumable resources.</summary>
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
    [Trait("Section", "5.3")]
    [MemberData(nameof(Refused))]
    public void Definition_and_submission_refuse_the_same(string list, string text)
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
    [Trait("Section", "6.3")]
    public void Submission_replaces_what_the_definition_needs()
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
    public void Definition_shows_what_it_needs()
    {
        Wire.JobDefinition Of(Wire.ConsumableResourceProperties? needs) => JobDefinitionEcho.Of(Requests.Definition() with { ConsumableResourceProperties = needs });

        Of(Needs((Arn, 3))).ConsumableResourceProperties!.ConsumableResourceList.Should().Equal(Needs((Arn, 3)).ConsumableResourceList!);
        Of(new()).ConsumableResourceProperties!.ConsumableResourceList.Should().BeEmpty();
        Of(null).ConsumableResourceProperties.Should().BeNull();
    }

    private static Wire.ConsumableResourceProperties Needs(params (string Resource, long Quantity)[] requirements) => new()
    {
        ConsumableResourceList = [.. requirements.Select(r => new Wire.ConsumableResourceRequirement { ConsumableResource = r.Resource, Quantity = r.Quantity })],
    };

    private Wire.ConsumableResourceProperties? Shown(string id) => JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).ConsumableResourceProperties;
}
