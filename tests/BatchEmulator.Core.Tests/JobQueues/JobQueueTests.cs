using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.JobQueues;

/// <summary>Job queues (docs/aws-behaviour.md, section 4).</summary>
public sealed class JobQueueTests
{
    private readonly Emulation _emulation = new();

    [Theory]
    [InlineData("""{"jobQueueName":"a.b"}""", "Job Queue name should match a valid pattern.")]
    [InlineData("""{"priority":1001}""", "Job queue priority must be between 0 and 1000.")]
    [InlineData("""{"computeEnvironmentOrder":[]}""", "computeEnvironmentOrder is required.")]
    [InlineData("""{"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"a"},{"order":2,"computeEnvironment":"b"},{"order":3,"computeEnvironment":"c"},{"order":4,"computeEnvironment":"d"}]}""", "Only 3 environments are allowed in job queue request.")]
    [InlineData("""{"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"ce"},{"order":2,"computeEnvironment":"ce"}]}""", "Duplicate ComputeEnvironments within order list.")]
    [InlineData("""{"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"ce"},{"order":1,"computeEnvironment":"ce2"}]}""", "Duplicate ComputeEnvironment order values.")]
    [InlineData("""{"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"nope"}]}""", "Compute Environments must be created and valid before attaching them to a job queue")]
    [InlineData("""{"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"ce"},{"order":2,"computeEnvironment":"fargate"}]}""", "Fargate and EC2 compute environments can not be mixed.")]
    [InlineData("""{"jobQueueType":"EKS"}""", "EKS job queue type must have EKS compute environment.")]
    [InlineData("""{"schedulingPolicyArn":"arn:aws:batch:eu-central-1:123456789012:job-queue/x"}""", "Only scheduling policy Arn can be allowed.")]
    [InlineData("""{"schedulingPolicyArn":"arn:aws:batch:eu-central-1:123456789012:scheduling-policy/x"}""", "SchedulingPolicy arn:aws:batch:eu-central-1:123456789012:scheduling-policy/x not found.")]
    [InlineData("""{"jobStateTimeLimitActions":[{"reason":"r","state":"RUNNABLE","maxTimeSeconds":600,"action":"TERMINATE"}]}""", "Invalid job action. Valid job actions: [CANCEL]")]
    [InlineData("""{"jobStateTimeLimitActions":[{"reason":"r","state":"RUNNABLE","maxTimeSeconds":600,"action":"CANCEL"},{"reason":"r","state":"RUNNABLE","maxTimeSeconds":700,"action":"CANCEL"}]}""", "Duplicate job state limit actions are not allowed.")]
    [InlineData("""{"jobQueueType":"SAGEMAKER_TRAINING"}""", "Job queues of type SAGEMAKER_TRAINING must have serviceEnvironmentOrder.")]
    [InlineData("""{"serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"s"}],"jobQueueType":"ECS"}""", "The jobQueueType provided is ECS, which is incompatible with the provided serviceEnvironmentOrder.")]
    public void Create_refuses_in_the_words_of_aws(string change, string text)
    {
        _emulation.Environment();
        _emulation.Environment("ce2");
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate());
        _emulation.Advance(Settling.Duration);
        var request = Json.Patched(Requests.Queue("q", 1, "ce"), change);

        var create = () => _emulation.Call(Wire.Operations.CreateJobQueue, request);

        create.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Theory]
    [InlineData("""{"serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"se"},{"order":2,"serviceEnvironment":"other"}]}""", "Job queue can only have 1 service environment.")]
    [InlineData("""{"serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"nope"}]}""", "Service environments must be created and valid before attaching them to a job queue.")]
    [InlineData("""{"serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"arn:aws:batch:us-east-1:123456789012:service-environment/se"}]}""", "Service environments must be created and valid before attaching them to a job queue.")]
    [InlineData("""{"jobStateTimeLimitActions":[{"reason":"r","state":"RUNNABLE","maxTimeSeconds":600,"action":"CANCEL"}]}""", "Invalid job action. Valid job actions: [TERMINATE]")]
    [InlineData("""{"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"ce"}]}""", OpenTexts.NoComputeEnvironments)]
    public void Create_of_a_service_queue_refuses_in_the_words_of_aws(string change, string text)
    {
        _emulation.Environment();
        _emulation.ReadyForServiceJobs();
        var request = Json.Patched(Requests.ServiceQueue("q", "se"), change);

        var create = () => _emulation.Call(Wire.Operations.CreateJobQueue, request);

        create.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Fact]
    public void Service_queue_shows_its_service_environment_by_arn_and_no_compute_environments()
    {
        _emulation.ReadyForServiceJobs();

        var shown = _emulation.State.Of<JobQueue>().Values.Single().ToWire(new Dictionary<string, string>());

        shown.ComputeEnvironmentOrder.Should().BeEmpty();
        shown.ServiceEnvironmentOrder.Should().Equal(new Wire.ServiceEnvironmentOrder
        {
            Order = 1,
            ServiceEnvironment = "arn:aws:batch:eu-central-1:123456789012:service-environment/se",
        });
        shown.JobQueueType.Should().Be("SAGEMAKER_TRAINING");
    }

    [Fact]
    public void Service_queue_can_move_to_another_service_environment()
    {
        _emulation.ReadyForServiceJobs();
        _emulation.Call(Wire.Operations.CreateServiceEnvironment, Requests.ServiceEnvironment("other"));
        _emulation.Advance(Settling.Duration);

        Update(new() { JobQueue = "sq", ServiceEnvironmentOrder = [new() { Order = 2, ServiceEnvironment = "other" }] });

        _emulation.State.Of<JobQueue>().Values.Single().ServiceEnvironmentOrder!.Single().ServiceEnvironment.Should()
            .EndWith("service-environment/other");
        _emulation.Advance(Settling.Duration);
        this.Invoking(t => t.Update(new() { JobQueue = "sq", ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "ce" }] }))
            .Should().Throw<ClientException>().WithMessage(OpenTexts.NoComputeEnvironments);
    }

    [Fact]
    public void Policy_of_quota_shares_is_for_service_queues()
    {
        _emulation.Environment();
        _emulation.ReadyForServiceJobs();
        var policy = _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p", QuotaSharePolicy = new() { IdleResourceAssignmentStrategy = "FIFO" } }).Arn;

        _emulation.Invoking(e => e.Call(Wire.Operations.CreateJobQueue, Requests.Queue("x", 1, "ce") with { SchedulingPolicyArn = policy }))
            .Should()
            .Throw<ClientException>()
            .WithMessage("Quota Management feature is only supported for SageMaker Training job queues.");
    }

    [Fact]
    public void Managed_instances_are_not_mixed_with_others()
    {
        _emulation.Environment();
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Json.Patched(
            new Wire.CreateComputeEnvironmentRequest { ComputeEnvironmentName = "managed", Type = "MANAGED" },
            """
            {"computeResources":{"type":"ECS_MANAGED_INSTANCES","maxvCpus":4,"subnets":["subnet-1"],"managedInstancesProvider":{"infrastructureRoleArn":"arn:aws:iam::123456789012:role/r",
            "instanceLaunchTemplate":{"ec2InstanceProfileArn":"arn:aws:iam::123456789012:instance-profile/p","networkConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"]}}}}}
            """));
        _emulation.Advance(Settling.Duration);

        _emulation.Invoking(e => e.Queue("q", 1, "ce", "managed")).Should().Throw<ClientException>().Which.Message.Should().Be(
            "All attached Compute Environments must be of types [EC2, SPOT] or types [FARGATE_SPOT, FARGATE] or types [ECS_MANAGED_INSTANCES], not mixed.");
        _emulation.Invoking(e => e.Queue("q", 1, "managed")).Should().NotThrow();
    }

    [Fact]
    public void Environment_that_is_still_being_created_cannot_be_attached()
    {
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Environment());

        var create = () => _emulation.Call(Wire.Operations.CreateJobQueue, Requests.Queue("q", 1, "ce"));

        create.Should().Throw<ClientException>().WithMessage("*must be created and valid before attaching*");
    }

    [Fact]
    public void Queue_shows_environments_by_arn_in_ascending_order()
    {
        var first = _emulation.Environment();
        var second = _emulation.Environment("ce2");
        var request = Requests.Queue("q", 1) with
        {
            ComputeEnvironmentOrder = [new() { Order = 7, ComputeEnvironment = "ce2" }, new() { Order = 3, ComputeEnvironment = first }],
        };

        var arn = _emulation.Call(Wire.Operations.CreateJobQueue, request).JobQueueArn!;
        _emulation.Advance(Settling.Duration);

        var shown = _emulation.State.Of<JobQueue>()[arn].ToWire(new Dictionary<string, string>());
        shown.ComputeEnvironmentOrder!.Select(o => o.ComputeEnvironment).Should().Equal(first, second);
        shown.Status.Should().Be("VALID");
        shown.StatusReason.Should().Be("JobQueue Healthy");
        shown.JobStateTimeLimitActions.Should().BeEmpty();
        shown.JobQueueType.Should().BeNull();
    }

    [Fact]
    public void Update_of_an_unknown_queue_names_its_arn() =>
        this.Invoking(t => t.Update(new() { JobQueue = "nope" })).Should().Throw<ClientException>()
            .WithMessage("arn:aws:batch:eu-central-1:123456789012:job-queue/nope does not exist");

    [Fact]
    public void Paused_time_does_not_delay_changes_of_environments_and_queues()
    {
        var engine = new Engine.BatchEngine(_emulation.State, new SeededIds(2));
        void Do<T>(Func<Engine.Turn, T> decide)
            where T : class => engine.Run(_emulation.Now, [new Engine.Command<T>(decide)], isTimeHeld: true);
        Do(turn => CreateComputeEnvironment.Decide(turn, Emulation.Scope, Requests.Environment()));
        Do(turn => CreateJobQueue.Decide(turn, Emulation.Scope, Requests.Queue("q", 1, "ce")));
        var queue = _emulation.State.Of<JobQueue>().Values.Single();
        queue.Status.Should().Be(ResourceStatus.Valid);

        Do(turn => UpdateJobQueue.Decide(turn, Emulation.Scope, new() { JobQueue = "q", State = "DISABLED" }));
        Do(turn => DeleteJobQueue.Decide(turn, Emulation.Scope, new() { JobQueue = "q" }));

        _emulation.State.Of<JobQueue>().Should().BeEmpty();
    }

    [Fact]
    public void Deleted_queue_is_gone_after_its_jobs_have_ended()
    {
        _emulation.Ready(maxVcpus: 1);
        var running = _emulation.Submit();
        _emulation.Start(running);
        var waiting = _emulation.Submit();
        var dependent = _emulation.SubmitAfter(running);
        Update(new() { JobQueue = "q", State = "DISABLED" });
        _emulation.Advance(Settling.Duration);

        _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "q" });
        _emulation.Job(waiting).StatusReason.Should().Be("JobQueue deleted");
        _emulation.Job(dependent).StatusReason.Should().Be("JobQueue deleted");
        _emulation.Advance(Settling.Duration);
        _emulation.State.Of<JobQueue>().Should().ContainSingle("a job still runs");
        _emulation.Exit(running, 143);
        _emulation.Job(running).StatusReason.Should().Be("JobQueue deleted");
        _emulation.Advance(Settling.Duration);

        _emulation.State.Of<JobQueue>().Should().BeEmpty();
    }

    [Fact]
    public void Enabled_queue_cannot_be_deleted()
    {
        _emulation.Ready();

        var delete = () => _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "q" });

        delete.Should().Throw<ClientException>();
    }

    [Fact]
    public void Disabled_queue_runs_its_jobs_and_accepts_no_new_ones()
    {
        _emulation.Ready(maxVcpus: 1);
        var first = _emulation.Submit();
        var second = _emulation.Submit();
        Update(new() { JobQueue = "q", State = "DISABLED" });

        _emulation.Succeed(first);

        _emulation.Job(second).Status.Should().Be(JobStatus.Starting);
        _emulation.Invoking(e => e.Submit()).Should().Throw<ClientException>();
    }

    private void Update(Wire.UpdateJobQueueRequest request) => _emulation.Call(Wire.Operations.UpdateJobQueue, request);
}
