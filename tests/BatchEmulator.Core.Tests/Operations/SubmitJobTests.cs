using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.Operations;

/// <summary>Section 6 of the behaviour reference.</summary>
public sealed class SubmitJobTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Theory]
    [InlineData("""{"jobName":"a.b"}""", true, "Job name should match valid pattern")]
    [InlineData("""{"jobName":"-a"}""", true, "Job name should match valid pattern")]
    [InlineData("""{"jobQueue":"nope"}""", false, "JobQueue nope not found.")]
    [InlineData("""{"jobDefinition":"nope"}""", false, "JobDefinition name nope does not exist or is not in ACTIVE status")]
    [InlineData("""{"jobDefinition":"d:7"}""", false, "JobDefinition name d does not exist or is not in ACTIVE status")]
    [InlineData("""{"jobDefinition":"d:x"}""", false, "Provided name d:x is not supported pattern[a-zA-Z_0-9-]{1,128}")]
    [InlineData("""{"jobDefinition":"arn:aws:batch:eu-central-1:123456789012:job-queue/q"}""", false, "Provided name arn:aws:batch:eu-central-1:123456789012:job-queue/q is not supported pattern[a-zA-Z_0-9-]{1,128}")]
    [InlineData("""{"shareIdentifier":"s"}""", false, "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.")]
    [InlineData("""{"containerOverrides":{"command":["echo","Ref::who"]}}""", false, "Unable to substitute value. No parameter found for reference who")]
    [InlineData("""{"timeout":{"attemptDurationSeconds":1}}""", true, "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"retryStrategy":{"attempts":0}}""", true, "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"containerOverrides":{"resourceRequirements":[{"type":"VCPU","value":"0"}]}}""", true, "vCPU must be at least 1, got 0.")]
    public void Submission_is_refused_in_the_words_of_aws(string change, bool isWrapped, string text)
    {
        var request = Json.Patched(new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "d" }, change);

        var submit = () => _emulation.Submit(with: _ => request);

        submit.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped == isWrapped && e.Message == text);
        _emulation.State.Jobs.Should().BeEmpty();
    }

    [Fact]
    public void Fields_are_checked_before_the_queue_and_the_queue_before_the_definition()
    {
        this.Invoking(_ => _emulation.Submit("a.b", r => r with { JobQueue = "nope" })).Should().Throw<ClientException>().WithMessage("Job name*");
        this.Invoking(_ => _emulation.Submit(with: r => r with { JobQueue = "nope", JobDefinition = "nope" })).Should().Throw<ClientException>().WithMessage("JobQueue*");
    }

    [Theory]
    [InlineData("d")]
    [InlineData("d:1")]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:job-definition/d")]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:job-definition/d:1")]
    public void Every_form_of_reference_finds_the_definition(string reference) =>
        _emulation.Job(_emulation.Submit(with: r => r with { JobDefinition = reference, JobQueue = "arn:aws:batch:eu-central-1:123456789012:job-queue/q" }))
            .Specification.JobDefinitionArn.Should().EndWith("job-definition/d:1");

    [Fact]
    public void Another_account_sees_nothing()
    {
        var other = new Scope("999999999999", "eu-central-1");
        var request = new Wire.SubmitJobRequest { JobName = "j", JobQueue = "arn:aws:batch:eu-central-1:123456789012:job-queue/q", JobDefinition = "d" };

        var submit = () => _emulation.Do(turn => SubmitJob.Decide(turn, other, request, _emulation.Store.Known(request)));

        submit.Should().Throw<ClientException>().WithMessage("JobQueue * not found.");
    }

    [Fact]
    public void Ec2_definition_is_refused_by_a_fargate_queue()
    {
        _emulation.Do(turn => CreateComputeEnvironment.Decide(turn, Emulation.Scope, Requests.Fargate()));
        _emulation.Advance(Settling.Duration);
        _emulation.Queue("serverless", 1, "fargate");

        _emulation.Invoking(e => e.Submit(with: r => r with { JobQueue = "serverless" })).Should().Throw<ClientException>()
            .WithMessage("Job Queue is attached to Compute Environment that can not run Jobs with capability EC2.");
    }

    [Fact]
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
    public void Deprecated_overrides_count_only_against_deprecated_members()
    {
        _emulation.Define("old", r => r with { ContainerProperties = new() { Image = "i", Vcpus = 1, Memory = 128 } });
        var overrides = new Wire.ContainerOverrides { Vcpus = 2, Memory = 256 };

        var old = _emulation.Job(_emulation.Submit(with: r => r with { JobDefinition = "old", ContainerOverrides = overrides })).Specification;
        var current = _emulation.Job(_emulation.Submit(with: r => r with { ContainerOverrides = overrides })).Specification;

        (old.Container!.Vcpus, old.Container.Memory, old.Needs.MilliVcpus).Should().Be((2, 256, 2000));
        (current.Container!.Vcpus, current.Needs.MilliVcpus, current.Needs.MemoryMiB).Should().Be((null, 1000, 128));
    }

    [Fact]
    public void Job_gets_the_variables_of_aws_batch_over_its_own_over_the_emulators()
    {
        var emulation = new Emulation(new() { JobEnvironment = [new("EMULATOR", "1"), new("OWN", "emulator")] }).Ready();
        var id = emulation.Submit(with: r => r with { ContainerOverrides = new() { Environment = [new() { Name = "OWN", Value = "job" }] } });

        emulation.Running[emulation.KeyOf(id)].Containers[0].Environment.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["EMULATOR"] = "1",
            ["OWN"] = "job",
            ["AWS_BATCH_JOB_ID"] = id,
            ["AWS_BATCH_JOB_ATTEMPT"] = "1",
            ["AWS_BATCH_CE_NAME"] = "ce",
            ["AWS_BATCH_JQ_NAME"] = "q",
        });
    }

    [Fact]
    public void Output_goes_where_the_log_configuration_says()
    {
        _emulation.Define("logged", r => r with
        {
            ContainerProperties = Requests.Container() with
            {
                LogConfiguration = new() { LogDriver = "awslogs", Options = new Dictionary<string, string> { ["awslogs-group"] = "/mine", ["awslogs-stream-prefix"] = "p" } },
            },
        });

        var standard = _emulation.Running[_emulation.KeyOf(_emulation.Submit())].Containers[0].Log;
        var configured = _emulation.Running[_emulation.KeyOf(_emulation.Submit(with: r => r with { JobDefinition = "logged" }))].Containers[0].Log;

        standard.Group.Should().Be("/aws/batch/job");
        standard.Stream.Should().MatchRegex("^d/default/[0-9a-f]{32}$");
        configured.Group.Should().Be("/mine");
        configured.Stream.Should().MatchRegex("^p/default/[0-9a-f]{32}$");
    }

    [Fact]
    public void Overrides_that_are_too_long_are_accepted_and_fail_at_dispatch()
    {
        var id = _emulation.Submit(with: r => r with
        {
            ContainerOverrides = new() { Environment = [new() { Name = "LONG", Value = new string('x', 8192) }] },
        });

        var job = _emulation.Job(id);
        job.Status.Should().Be(Core.Jobs.JobStatus.Failed);
        job.StatusReason.Should().Be("Container Overrides length must be at most 8192");
        job.Attempts.Should().BeEmpty();
    }
}
