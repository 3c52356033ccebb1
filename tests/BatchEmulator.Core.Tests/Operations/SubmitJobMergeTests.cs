using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.Operations;

/// <summary>Merging of a submission with its definition (docs/aws-behaviour.md, section 6.3).</summary>
[Trait("Section", "6.3")]
public sealed class SubmitJobMergeTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "environment by name, resource requirements by type, parameters by key")]
    public void Overrides_are_merged_as_documented()
    {
        _emulation.Define(with: r => r with
        {
            Parameters = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
            ContainerProperties = Requests.Container() with
            {
                Command = ["echo", "Ref::a", "x-Ref::b/y"],
                Environment = [new() { Name = "KEEP", Value = "1" }, new() { Name = "CHANGE", Value = "1" }],
            },
        });

        var specification = _emulation.Job(_emulation.Submit(with: r => r with
        {
            Parameters = new Dictionary<string, string> { ["b"] = "3" },
            ContainerOverrides = new()
            {
                Environment = [new() { Name = "CHANGE", Value = "2" }, new() { Name = "NEW", Value = "3" }],
                ResourceRequirements = [new() { Type = "MEMORY", Value = "256" }],
            },
        })).Specification;

        specification.Parameters.Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "1", ["b"] = "3" });
        specification.Container!.Command.Should().Equal("echo", "1", "x-3/y");
        specification.Container.Environment!.ToDictionary(e => e.Name!, e => e.Value!).Should().BeEquivalentTo(
            new Dictionary<string, string> { ["KEEP"] = "1", ["CHANGE"] = "2", ["NEW"] = "3" });
        specification.Container.ResourceRequirements!.ToDictionary(e => e.Type!, e => e.Value!).Should().BeEquivalentTo(
            new Dictionary<string, string> { ["VCPU"] = "1", ["MEMORY"] = "256" });
        specification.Needs.MemoryMiB.Should().Be(256);
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "vcpus and memory count only against a definition that uses them")]
    public void Deprecated_overrides_count_only_against_deprecated_members()
    {
        _emulation.Define("old", r => r with { ContainerProperties = new() { Image = "i", Vcpus = 1, Memory = 128 } });
        var overrides = new Wire.ContainerOverrides { Vcpus = 2, Memory = 256 };

        var old =
            _emulation.Job(_emulation.Submit(with: r => r with { JobDefinition = "old", ContainerOverrides = overrides })).Specification;
        var current = _emulation.Job(_emulation.Submit(with: r => r with { ContainerOverrides = overrides })).Specification;

        (old.Container!.Vcpus, old.Container.Memory, old.Needs.MilliVcpus).Should().Be((2, 256, 2000));
        (current.Container!.Vcpus, current.Needs.MilliVcpus, current.Needs.MemoryMiB).Should().Be((null, 1000, 128));
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "those that do not count are remarked on: by AWS in its console, here in the log",
        "This value was submitted in a deprecated key and may conflict with the value provided by the job definition's " +
        "resource requirements.")]
    public void Deprecated_overrides_without_effect_cause_a_warning()
    {
        _emulation.Define("old", r => r with { ContainerProperties = new() { Image = "i", Vcpus = 1, Memory = 128 } });
        _emulation.Submit(with: r => r with { JobDefinition = "old", ContainerOverrides = new() { Vcpus = 2, Memory = 256 } });
        _emulation.Submit(
            with: r => r with { ContainerOverrides = new() { ResourceRequirements = [new() { Type = "VCPU", Value = "2" }] } });
        _emulation.Warnings.Should().BeEmpty();

        var first = _emulation.Submit(with: r => r with { ContainerOverrides = new() { Vcpus = 2 } });
        var second = _emulation.Submit(with: r => r with { ContainerOverrides = new() { Memory = 256 } });

        const string Text = "This value was submitted in a deprecated key and may conflict with the value provided by the job definition's resource requirements.";
        _emulation.Warnings.Should()
            .Equal(new Engine.LogJobWarning(_emulation.Job(first).Arn, Text), new Engine.LogJobWarning(_emulation.Job(second).Arn, Text));
    }

    [Theory]
    [AwsRule("6.2", Evidence.Live, "vcpus on Fargate, bare", "vcpus is not applicable for Fargate. Use resource requirements instead.")]
    [InlineData("""{"vcpus":4}""", "vcpus is not applicable for Fargate. Use resource requirements instead.")]
    [AwsRule("6.2", Evidence.Infer, "memory on Fargate, bare", "memory is not applicable for Fargate. Use resource requirements instead.")]
    [InlineData("""{"memory":8192}""", "memory is not applicable for Fargate. Use resource requirements instead.")]
    [AwsRule("6.2", Evidence.Live, "a GPU on Fargate, bare", "GPU is not applicable for Fargate.")]
    [InlineData("""{"resourceRequirements":[{"type":"GPU","value":"1"}]}""", "GPU is not applicable for Fargate.")]
    [AwsRule("6.2", Evidence.Live, "overrides that make a size which Fargate does not have, bare",
        "Fargate resource requirements (<v> vCPU, <m> MiB) not valid.")]
    [InlineData("""{"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"4000"}]}""", "Fargate resource requirements (1.00 vCPU, 4000 MiB) not valid.")]
    public void Overrides_that_fargate_does_not_have_are_refused(string overrides, string text)
    {
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate());
        _emulation.Advance(Resources.Settling.Duration);
        _emulation.Queue("serverless", 1, "fargate");
        _emulation.Define("f", r => r with { PlatformCapabilities = ["FARGATE"], ContainerProperties = Requests.Container("0.25", "512") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" } });
        var given = Json.Patched(new Wire.ContainerOverrides(), overrides);

        var submit = () => Submit(r => r with { JobQueue = "serverless", JobDefinition = "f", ContainerOverrides = given });

        submit.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => !e.IsWrapped && e.Message == text);
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "the command is replaced as a whole")]
    public void Command_is_replaced_as_a_whole_unless_it_is_empty()
    {
        _emulation.Define("c", r => r with { ContainerProperties = Requests.Container() with { Command = ["a", "b", "c"] } });

        Submit(r => r with { JobDefinition = "c", ContainerOverrides = new() { Command = ["x"] } }).Container!.Command.Should().Equal("x");
        Submit(r => r with { JobDefinition = "c", ContainerOverrides = new() { Command = [] } }).Container!.Command.Should()
            .Equal("a", "b", "c");
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "timeout, propagateTags and priority are replaced")]
    public void Timeout_and_propagation_and_priority_are_replaced()
    {
        _emulation.Define(
            "t", r => r with { Timeout = new() { AttemptDurationSeconds = 600 }, PropagateTags = true, SchedulingPriority = 7 });

        var own = Describe(r => r with { JobDefinition = "t" });
        var other = Describe(r => r with { JobDefinition = "t", Timeout = new() { AttemptDurationSeconds = 60 }, PropagateTags = false });
        var none = Describe(r => r);

        (own.Timeout!.AttemptDurationSeconds, own.PropagateTags, own.SchedulingPriority).Should().Be((600, true, 7));
        (other.Timeout!.AttemptDurationSeconds, other.PropagateTags).Should().Be((60, false));
        (none.Timeout, none.PropagateTags, none.SchedulingPriority).Should().Be((null, null, null));
    }

    [Theory]
    [AwsRule("6.3", Evidence.Doc, "tags are the job's own; more than 50 propagated ones fail the job")]
    [InlineData(true, 30, 20, true)]
    [InlineData(true, 30, 21, false)]
    [InlineData(true, 50, 1, false)]
    [InlineData(true, 50, 0, true)]
    [InlineData(false, 50, 50, true)]
    public void Tags_are_the_jobs_own_and_propagated_ones_are_bounded_together(bool propagates, int ofDefinition, int ofJob, bool starts)
    {
        static Dictionary<string, string> Tags(string prefix, int count) =>
            Enumerable.Range(0, count).ToDictionary(i => $"{prefix}{i}", _ => "v");
        _emulation.Define("tagged", r => r with { Tags = Tags("d", ofDefinition), PropagateTags = propagates });

        var id = _emulation.Submit(with: r => r with { JobDefinition = "tagged", Tags = Tags("j", ofJob) });

        _emulation.Job(id).Status.Should().Be(starts ? JobStatus.Starting : JobStatus.Failed);
        _emulation.Job(id).StatusReason.Should().Be(starts ? null : OpenTexts.TooManyPropagatedTags);
        _emulation.Changes.OfType<TagsPatched>().Where(t => t.Arn == _emulation.Job(id).Arn).SelectMany(t => t.Patch.Keys)
            .Should().BeEquivalentTo(Tags("j", ofJob).Keys, "those of the definition are not copied");
    }

    [Fact]
    public void Definition_that_was_registered_meanwhile_is_read_again()
    {
        _emulation.Define("tagged", r => r with { PropagateTags = true });
        var request = new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "tagged", Tags = new Dictionary<string, string> { ["a"] = "b" } };
        var reads = SubmissionReads.Read(_emulation.Store, Emulation.Scope, request);
        var command = new Command<Wire.SubmitJobResponse>(turn => SubmitJob.Decide(turn, Emulation.Scope, request, reads));
        _emulation.Define("tagged", r => r with { PropagateTags = true });

        _emulation.Turn(command);

        command.IsStale.Should().BeTrue();
        _emulation.State.Jobs.Should().BeEmpty();
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "vcpus and memory count only against a definition that uses them")]
    public void Resources_that_are_overridden_in_the_new_way_replace_the_deprecated_members()
    {
        _emulation.Define("old", r => r with { ContainerProperties = new() { Image = "i", Vcpus = 1, Memory = 128 } });

        var job = Submit(r => r with { JobDefinition = "old", ContainerOverrides = new() { ResourceRequirements = [new() { Type = "VCPU", Value = "2" }] } });

        (job.Container!.Vcpus, job.Container.Memory, job.Needs).Should().Be((null, 128, new ResourceAmounts(2_000, 128)));
    }

    private JobSpecification Submit(Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest> with) =>
        _emulation.Job(_emulation.Submit(with: with)).Specification;

    private Wire.JobDetail Describe(Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest> with) =>
        JobDetails.Of(_emulation.Job(_emulation.Submit(with: with)), new Dictionary<string, string>());
}
