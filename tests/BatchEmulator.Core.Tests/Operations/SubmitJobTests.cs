using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.Operations;

/// <summary>SubmitJob, its checks and rejections (docs/aws-behaviour.md, sections 6.1 and 6.2).</summary>
public sealed class SubmitJobTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Theory]
    [AwsRule("6.2", Evidence.Live, "job name, wrapped", "Job name should match valid pattern")]
    [InlineData("""{"jobName":""}""", true, "Job name should match valid pattern")]
    [InlineData("""{"jobName":"a.b"}""", true, "Job name should match valid pattern")]
    [InlineData("""{"jobName":"-a"}""", true, "Job name should match valid pattern")]
    [AwsRule("6.2", Evidence.Live, "unknown queue, bare", "JobQueue <as given> not found.")]
    [InlineData("""{"jobQueue":"nope"}""", false, "JobQueue nope not found.")]
    [AwsRule("6.2", Evidence.Live, "unknown or inactive definition, bare",
        "JobDefinition name <name> does not exist or is not in ACTIVE status.")]
    [InlineData("""{"jobDefinition":"nope"}""", false, "JobDefinition name nope does not exist or is not in ACTIVE status.")]
    [InlineData("""{"jobDefinition":"d:7"}""", false, "JobDefinition name d does not exist or is not in ACTIVE status.")]
    [AwsRule("6.2", Evidence.Live, "malformed reference, bare", "Provided name <x> is not supported pattern[a-zA-Z_0-9-]{1,128}")]
    [InlineData("""{"jobDefinition":"d:x"}""", false, "Provided name d:x is not supported pattern[a-zA-Z_0-9-]{1,128}")]
    [InlineData("""{"jobDefinition":"arn:aws:batch:eu-central-1:123456789012:job-queue/q"}""", false, "Provided name arn:aws:batch:eu-central-1:123456789012:job-queue/q is not supported pattern[a-zA-Z_0-9-]{1,128}")]
    [AwsRule("6.2", Evidence.Live, "share identifier, wrapped", "ShareIdentifier name should match a valid pattern.")]
    [InlineData("""{"shareIdentifier":"not valid"}""", true, "ShareIdentifier name should match a valid pattern.")]
    [InlineData("""{"shareIdentifier":"a*b"}""", true, "ShareIdentifier name should match a valid pattern.")]
    [AwsRule("6.2", Evidence.Live, "share identifier or priority on a FIFO queue, bare",
        "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.")]
    [InlineData("""{"shareIdentifier":"s*"}""", false, "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.")]
    [InlineData("""{"schedulingPriorityOverride":1}""", false, "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.")]
    [AwsRule("6.2", Evidence.Infer, "priority, wrapped", "Scheduling priority must be between 0 and 9999.")]
    [InlineData("""{"schedulingPriorityOverride":10000}""", true, "Scheduling priority must be between 0 and 9999.")]
    [AwsRule("6.2", Evidence.Live, "an empty retry strategy, without a full stop", "RetryAttempts must be provided with retry strategy")]
    [InlineData("""{"retryStrategy":{}}""", true, "RetryAttempts must be provided with retry strategy")]
    [InlineData("""{"retryStrategy":{"attempts":1,"evaluateOnExit":[{"action":"exit","onReason":"?"}]}}""", true, "Evaluate on exit condition contains restricted characters.")]
    [InlineData("""{"containerOverrides":{"environment":[{"value":"x"}]}}""", true, "Environment variable name is required.")]
    [InlineData("""{"containerOverrides":{"resourceRequirements":[{"type":"VCPU","value":"1.5"}]}}""", true, "Value 1.5 for type VCPU in resourceRequirement is not valid. Please provide a numeric value.")]
    [InlineData("""{"shareIdentifier":"s"}""", false, "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.")]
    [AwsRule("6.2", Evidence.Live, "an empty string in a command, bare", "Command cannot be empty")]
    [InlineData("""{"containerOverrides":{"command":["echo",""]}}""", false, "Command cannot be empty")]
    [AwsRule("6.2", Evidence.Live, "parameter without a value, bare",
        "Unable to substitute value. No parameter found for reference <name>")]
    [InlineData("""{"containerOverrides":{"command":["echo","Ref::who"]}}""", false, "Unable to substitute value. No parameter found for reference who")]
    [AwsRule("6.2", Evidence.Infer, "timeout, wrapped", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"timeout":{"attemptDurationSeconds":1}}""", true, "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [AwsRule("6.2", Evidence.Infer, "attempts, wrapped", "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"retryStrategy":{"attempts":0}}""", true, "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"containerOverrides":{"resourceRequirements":[{"type":"VCPU","value":"0"}]}}""", false, "vCPU must be at least 1, got 0.")]
    public void Submission_is_refused_in_the_words_of_aws(string change, bool isWrapped, string text)
    {
        var request = Json.Patched(new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "d" }, change);

        var submit = () => _emulation.Call(Wire.Operations.SubmitJob, request);

        submit.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped == isWrapped && e.Message == text);
        _emulation.State.Jobs.Should().BeEmpty();
    }

    public static TheoryData<string, string> RefusedInOurWords => new()
    {
        { """{"arrayProperties":{"size":0}}""", OpenTexts.ArraySize },
        { """{"arrayProperties":{"size":1}}""", OpenTexts.ArraySize },
        { """{"arrayProperties":{"size":10001}}""", OpenTexts.ArraySize },
        { """{"arrayProperties":{"size":2},"dependsOn":[{"type":"N_TO_N"}]}""", OpenTexts.DependencyNeedsJobId },
        { """{"dependsOn":[{"jobId":"f1f1f1f1-0000-4000-8000-000000000000"}]}""", OpenTexts.DependencyNotFound("f1f1f1f1-0000-4000-8000-000000000000") },
        { """{"containerOverrides":{"instanceType":"m5.large"}}""", OpenTexts.InstanceTypeOverride },
        { """{"containerOverrides":{"environment":[{"name":"AWS_BATCH_JOB_ID","value":"x"}]}}""", OpenTexts.ReservedVariable("AWS_BATCH_JOB_ID") },
        { """{"ecsPropertiesOverride":{"taskProperties":[{}]}}""", OpenTexts.OverridesOfAnotherKind },
        { """{"eksPropertiesOverride":{"podProperties":{"metadata":{}}}}""", OpenTexts.OverridesOfAnotherKind },
        { """{"containerOverrides":{"command":["a\u0000b"]}}""", OpenTexts.InvalidCommand },
        { """{"tags":{"aws:x":"y"}}""", OpenTexts.ReservedTag },
    };

    [Theory]
    [AwsRule("6.2", Evidence.Open, "array size not 2 to 10,000, misused dependencies, overrides of another kind")]
    [AwsRule("6.3", Evidence.Open, "only nodes override the instance type (DOC)")]
    [MemberData(nameof(RefusedInOurWords))]
    public void Submission_is_refused_where_the_words_of_aws_are_not_known(string change, string text)
    {
        var request = Json.Patched(new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "d" }, change);

        _emulation.Invoking(e => e.Call(Wire.Operations.SubmitJob, request)).Should().Throw<ClientException>().WithMessage(text);
        _emulation.State.Jobs.Should().BeEmpty();
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "share identifier, wrapped", "ShareIdentifier name should match a valid pattern.")]
    public void Share_identifier_may_have_255_characters_of_which_the_last_is_an_asterisk()
    {
        string Refusal(string share) => _emulation.Invoking(e => e.Submit(with: r => r with { ShareIdentifier = share })).Should()
            .Throw<ClientException>().Which.Message;

        Refusal(new string('a', 254) + "*").Should().StartWith("Job with shareIdentifier");
        Refusal(new string('a', 255) + "*").Should().Be("ShareIdentifier name should match a valid pattern.");
    }

    [Fact]
    [AwsRule("6.1", Evidence.Doc, "the answer has jobArn, jobName, jobId")]
    public void Answer_names_the_job()
    {
        var answer = _emulation.Call(Wire.Operations.SubmitJob, new() { JobName = "j", JobQueue = "q", JobDefinition = "d" });

        answer.JobName.Should().Be("j");
        answer.JobId.Should().MatchRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
        answer.JobArn.Should().Be($"arn:aws:batch:eu-central-1:123456789012:job/{answer.JobId}");
    }

    [Fact]
    [AwsRule("6.1", Evidence.Infer, "fields, queue, definition, capability, share, parameters")]
    public void Checks_come_in_order()
    {
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate());
        _emulation.Advance(Settling.Duration);
        _emulation.Queue("serverless", 1, "fargate");
        var request = new Wire.SubmitJobRequest
        {
            JobName = "a.b",
            JobQueue = "nope",
            JobDefinition = "nope",
            ShareIdentifier = "s",
            ContainerOverrides = new() { Command = ["Ref::nothing"] },
            DependsOn = [new() { JobId = "f1f1f1f1-0000-4000-8000-000000000000" }],
        };
        string Refusal() => _emulation.Invoking(e => e.Call(Wire.Operations.SubmitJob, request)).Should()
            .Throw<ClientException>().Which.Message;

        Refusal().Should().StartWith("Job name should");
        request = request with { JobName = "a" };
        Refusal().Should().Be("JobQueue nope not found.");
        request = request with { JobQueue = "serverless" };
        Refusal().Should().StartWith("JobDefinition name nope");
        request = request with { JobDefinition = "d" };
        Refusal().Should().StartWith("Job Queue is attached");
        request = request with { JobQueue = "q" };
        Refusal().Should().StartWith("Job with shareIdentifier");
        request = request with { ShareIdentifier = null };
        Refusal().Should().StartWith("Unable to substitute");
        request = request with { ContainerOverrides = null };
        Refusal().Should().Be(OpenTexts.DependencyNotFound("f1f1f1f1-0000-4000-8000-000000000000"));
    }

    [Theory]
    [AwsRule("6.1", Evidence.Doc, "queue by name or ARN; definition by name, `name:revision`, ARN with or without revision")]
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

        var submit = () => _emulation.Call(Wire.Operations.SubmitJob, request, other);

        submit.Should().Throw<ClientException>().WithMessage("JobQueue * not found.");
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "definition of another capability, bare (FARGATE INFER)",
        "Job Queue is attached to Compute Environment that can not run Jobs with capability <C>.")]
    public void Definition_is_refused_by_a_queue_of_another_capability()
    {
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate());
        _emulation.Advance(Settling.Duration);
        _emulation.Queue("serverless", 1, "fargate");
        _emulation.Define("f", r => r with { PlatformCapabilities = ["FARGATE"], ContainerProperties = Requests.Container("0.25", "512") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" } });

        _emulation.Invoking(e => e.Submit(with: r => r with { JobQueue = "serverless" })).Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(
            e => !e.IsWrapped && e.Message == "Job Queue is attached to Compute Environment that can not run Jobs with capability EC2.");
        _emulation.Invoking(e => e.Submit(with: r => r with { JobDefinition = "f" })).Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(
            e => !e.IsWrapped && e.Message == "Job Queue is attached to Compute Environment that can not run Jobs with capability FARGATE.");
        _emulation.Submit(with: r => r with { JobDefinition = "f", JobQueue = "serverless" }).Should().NotBeNull();
    }

    [Fact]
    [AwsRule("6.2", Evidence.Open, "a queue that is disabled")]
    public void Disabled_queue_accepts_no_jobs()
    {
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "q", State = "DISABLED" });

        _emulation.Invoking(e => e.Submit()).Should().Throw<ClientException>().WithMessage(OpenTexts.QueueTakesNoJobs);
    }

    [Fact]
    [AwsRule("8", Evidence.Doc,
        "AWS_BATCH_JOB_ID, AWS_BATCH_JOB_ATTEMPT, AWS_BATCH_CE_NAME, AWS_BATCH_JQ_NAME, as containers and as processes")]
    [AwsRule("8", Evidence.Client, "AWS_EXECUTION_ENV, AWS_REGION, AWS_DEFAULT_REGION on ECS")]
    public void Variables_of_aws_batch_override_the_jobs_which_override_the_emulators()
    {
        var emulation = new Emulation(new() { JobEnvironment = [new("EMULATOR", "1"), new("OWN", "emulator")] }).Ready();
        var id = emulation.Submit(
            with: r => r with { ContainerOverrides = new() { Environment = [new() { Name = "OWN", Value = "job" }] } });

        emulation.Running[emulation.KeyOf(id)].Containers[0].Environment.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["EMULATOR"] = "1",
            ["OWN"] = "job",
            ["AWS_EXECUTION_ENV"] = "AWS_ECS_EC2",
            ["AWS_REGION"] = "eu-central-1",
            ["AWS_DEFAULT_REGION"] = "eu-central-1",
            ["AWS_BATCH_JOB_ID"] = id,
            ["AWS_BATCH_JOB_ATTEMPT"] = "1",
            ["AWS_BATCH_CE_NAME"] = "ce",
            ["AWS_BATCH_JQ_NAME"] = "q",
        });
    }

    [Fact]
    [AwsRule("8", Evidence.Doc, "the log group and stream")]
    public void Output_goes_to_the_stream_of_the_log_configuration()
    {
        _emulation.Define("logged", r => r with
        {
            ContainerProperties = Requests.Container() with
            {
                LogConfiguration = new() { LogDriver = "awslogs", Options = new Dictionary<string, string> { ["awslogs-group"] = "/mine", ["awslogs-stream-prefix"] = "p" } },
            },
        });

        var standard = _emulation.Running[_emulation.KeyOf(_emulation.Submit())].Containers[0].Log;
        var configured =
            _emulation.Running[_emulation.KeyOf(_emulation.Submit(with: r => r with { JobDefinition = "logged" }))].Containers[0].Log;

        standard.Group.Should().Be("/aws/batch/job");
        standard.Stream.Should().MatchRegex("^d/default/[0-9a-f]{32}$");
        configured.Group.Should().Be("/mine");
        configured.Stream.Should().MatchRegex("^p/default/[0-9a-f]{32}$");
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "overrides too long: accepted, FAILED at dispatch without an attempt",
        "Container Overrides length must be at most 8192")]
    public void Overrides_that_are_too_long_are_accepted_and_fail_at_dispatch()
    {
        Core.Jobs.Job Submit(int length) => _emulation.Job(_emulation.Submit(with: r => r with
        {
            ContainerOverrides = new() { Environment = [new() { Name = "LONG", Value = new string('x', length) }] },
        }));
        var frame = """{"environment":[{"name":"LONG","value":""}]}""".Length;

        Submit(8192 - frame).Status.Should().Be(Core.Jobs.JobStatus.Starting);
        var job = Submit(8193 - frame);

        job.Status.Should().Be(Core.Jobs.JobStatus.Failed);
        job.StatusReason.Should().Be("Container Overrides length must be at most 8192");
        job.Attempts.Should().BeEmpty();
        _emulation.StatusesOf(job.Id).Should()
            .Equal(Core.Jobs.JobStatus.Submitted, Core.Jobs.JobStatus.Runnable, Core.Jobs.JobStatus.Failed);
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "overrides too long: accepted, FAILED at dispatch without an attempt",
        "Container Overrides length must be at most 8192")]
    public void Overrides_of_a_task_are_bounded_too()
    {
        _emulation.Define("m", r => r with
        {
            ContainerProperties = null,
            EcsProperties = new() { TaskProperties = [new() { Containers = [new() { Name = "main", Image = "i", ResourceRequirements = Requests.Container().ResourceRequirements }] }] },
        });

        var job = _emulation.Job(_emulation.Submit(with: r => r with
        {
            JobDefinition = "m",
            EcsPropertiesOverride =
                new() { TaskProperties = [new() { Containers = [new() { Name = "main", Command = [new string('x', 8192)] }] }] },
        }));

        job.StatusReason.Should().Be("Container Overrides length must be at most 8192");
    }
}
