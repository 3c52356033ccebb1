using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

public sealed partial class MultiNodeJobTests
{
    [Fact]
    [AwsRule("6.3", Evidence.Doc, "node overrides")]
    public void Overrides_apply_to_their_range_and_to_the_number_of_nodes()
    {
        var id = Submit(2, with: r => r with
        {
            Parameters = new Dictionary<string, string> { ["who"] = "you" },
            NodeOverrides = new()
            {
                NumNodes = 3,
                NodePropertyOverrides =
                [
                    new() { TargetNodes = "0:", ContainerOverrides = new() { Command = ["echo", "Ref::who"], InstanceType = "c5.large", Environment = [new() { Name = "A", Value = "b" }] } },
                ],
            },
        });

        var nodes = Detail(id).NodeProperties!;
        nodes.NumNodes.Should().Be(3);
        nodes.NodeRangeProperties![0].Container.Should().Match<Wire.ContainerProperties>(c =>
            c.Command!.SequenceEqual(new[] { "echo", "you" }) && c.InstanceType == "c5.large" && c.Environment!.Count == 1);
        _emulation.Job(id).Needs.MilliVcpus.Should().Be(3_000);
    }

    [Theory]
    [AwsRule("6.2", Evidence.Live, "node overrides that fit no range, bare",
        "NodeOverride targets should match job definition. Non matching targets - <targets>")]
    [InlineData("6.2", """{"nodeOverrides":{"nodePropertyOverrides":[{"targetNodes":"0:0"}]}}""", false, "NodeOverride targets should match job definition. Non matching targets - 0:0")]
    [InlineData("6.3", """{"nodeOverrides":{"numNodes":0}}""", true, "Number of nodes must be between 1 and 1000.")]
    [InlineData("6.3", """{"nodeOverrides":{"nodePropertyOverrides":[{"targetNodes":"0:","ecsPropertiesOverride":{"taskProperties":[{}]}}]}}""", false, OpenTexts.OverridesOfAnotherKind)]
    [InlineData("6.3", """{"containerOverrides":{"command":["x"]}}""", false, OpenTexts.OverridesOfAnotherKind)]
    [InlineData("OPEN", """{"arrayProperties":{"size":2}}""", false, OpenTexts.ArrayOfMultinode)]
    [AwsRule("6.2", Evidence.Live, "a number of nodes that no open range can take, bare",
        "NumNodes override can only be applied if the job definition has at least 1 target node without a range_end " +
        "i.e (:) or (range_start:).")]
    [InlineData("6.3", """{"jobDefinition":"closed","nodeOverrides":{"numNodes":1}}""", false, "NumNodes override can only be applied if the job definition has at least 1 target node without a range_end i.e (:) or (range_start:).")]
    [InlineData("6.3", """{"jobDefinition":"d","nodeOverrides":{"numNodes":1}}""", false, OpenTexts.OverridesOfAnotherKind)]
    [InlineData("6.2", """{"nodeOverrides":{"nodePropertyOverrides":[{"targetNodes":"0:","containerOverrides":{"command":["Ref::nobody"]}}]}}""", false, "Unable to substitute value. No parameter found for reference nobody")]
    public void Submission_is_refused_in_the_words_of_aws(string section, string change, bool isWrapped, string text)
    {
        _emulation.Define("nodes2", _ => Requests.MultiNode(2, name: "nodes2"));
        _emulation.Define("closed", _ => Json.Patched(
            Requests.MultiNode(2, name: "closed"), """{"nodeProperties":{"nodeRangeProperties":[{"targetNodes":"0:1","container":{"image":"i","vcpus":1,"memory":4}}]}}"""));
        var request = Json.Patched(new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "nodes2" }, change);

        var submit = () => _emulation.Submit(with: _ => request);

        submit.Should().Throw<ClientException>(section).Which.Should()
            .Match<ClientException>(e => e.IsWrapped == isWrapped && e.Message == text);
        _emulation.State.Jobs.Should().BeEmpty();
    }

    [Fact]
    public void Nothing_can_depend_on_a_node()
    {
        var id = Running(2);

        this.Invoking(_ => _emulation.SubmitAfter($"{id}#1")).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.DependencyNotFound($"{id}#1"));
        var after = _emulation.SubmitAfter(id);
        _emulation.Exit($"{id}#0");
        _emulation.Job(after).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Job_waits_for_its_dependencies_as_a_whole_and_fails_with_them()
    {
        var before = _emulation.Submit();
        var id = Submit(2, with: r => r with { DependsOn = [new() { JobId = before }] });
        _emulation.Job(id).Status.Should().Be(JobStatus.Pending);
        _emulation.Exit(before, 1);

        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "Dependent Job failed");
    }
}
