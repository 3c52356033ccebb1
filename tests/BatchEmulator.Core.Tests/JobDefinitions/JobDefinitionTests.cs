using BatchEmulator.Core.Engine;
using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Tests.JobDefinitions;

/// <summary>Revisions of job definitions, and their description (docs/aws-behaviour.md, sections 1.3, 5.1 and 5.2).</summary>
public sealed class JobDefinitionTests
{
    private readonly Emulation _emulation = new();

    [Fact]
    [AwsRule("5.1", Evidence.Doc, "inactive revisions stay describable and are purged after 180 days")]
    public void Inactive_revision_is_purged_after_180_days_and_its_number_is_not_used_again()
    {
        _emulation.Define();
        var arn = _emulation.Define();
        Deregister("d:2");
        _emulation.Advance(TimeSpan.FromDays(180) - TimeSpan.FromMinutes(1));
        _emulation.State.FindDefinitions(Emulation.Scope, "d")!.Find(2).Should().NotBeNull();
        _emulation.Advance(TimeSpan.FromMinutes(1));

        _emulation.State.FindDefinitions(Emulation.Scope, "d")!.Find(2).Should().BeNull();
        _emulation.Changes.OfType<JobDefinitionPurged>().Should().ContainSingle().Which.Value.Arn.Should().Be(arn);
        _emulation.WakeAt.Should().BeNull("no resource waits");
        _emulation.Restart();
        _emulation.Define().Should().EndWith("/d:3");
    }

    [Fact]
    [AwsRule("5.1", Evidence.Infer, "the first revision is 1, each further one one more, none is reused")]
    public void Revisions_count_up_and_are_never_reused()
    {
        Register(Requests.Definition()).Revision.Should().Be(1);
        Register(Requests.Definition()).Revision.Should().Be(2);
        Deregister("d:1");
        Deregister("d:2");

        Register(Requests.Definition()).Revision.Should().Be(3);
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "an inactive revision by ARN, bare", "JobDefinition <ARN> is not in ACTIVE status")]
    public void Submission_by_arn_names_the_inactive_revision()
    {
        _emulation.Ready();
        var arn = _emulation.Define("gone");
        _emulation.Call(Wire.Operations.DeregisterJobDefinition, new() { JobDefinition = arn });

        _emulation.Invoking(e => e.Submit(with: r => r with { JobDefinition = arn })).Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(e => !e.IsWrapped && e.Message == $"JobDefinition {arn} is not in ACTIVE status");
        _emulation.Invoking(e => e.Submit(with: r => r with { JobDefinition = "gone:1" })).Should().Throw<ClientException>()
            .WithMessage("JobDefinition name gone does not exist or is not in ACTIVE status.");
    }

    [Fact]
    [Trait("Section", "5.1")]
    [AwsRule("6.1", Evidence.Doc, "a name means the latest ACTIVE revision",
        "JobDefinition name <name> does not exist or is not in ACTIVE status.")]
    public void Submission_by_name_takes_the_latest_active_revision()
    {
        _emulation.Ready();
        _emulation.Define();
        _emulation.Define();
        Deregister("d:3");

        _emulation.Job(_emulation.Submit()).Specification.JobDefinitionArn.Should().EndWith("/d:2");
        _emulation.Invoking(e => e.Submit(with: r => r with { JobDefinition = "d:3" })).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(
                e => !e.IsWrapped && e.Message == "JobDefinition name d does not exist or is not in ACTIVE status.");
    }

    [Fact]
    [AwsRule("5.1", Evidence.Open, "a bare name means the latest ACTIVE revision; an unknown one is no error")]
    public void Deregistering_an_unknown_revision_is_no_error()
    {
        Register(Requests.Definition());

        Deregister("nope:9");
        Deregister("d:9");
        Deregister("arn:aws:batch:eu-central-1:123456789012:job-definition/nope:1");

        _emulation.State.FindDefinitions(Emulation.Scope, "d")!.LatestActive!.Revision.Should().Be(1);
    }

    [Theory]
    [AwsRule("5.1", Evidence.Doc, "DeregisterJobDefinition takes `name:revision` or an ARN; the revision is INACTIVE")]
    [AwsRule("5.1", Evidence.Open, "a bare name means the latest ACTIVE revision; an unknown one is no error")]
    [InlineData("d:1", 1)]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:job-definition/d:1", 1)]
    [InlineData("d", 2)]
    public void Deregistered_revision_is_inactive(string reference, int revision)
    {
        Register(Requests.Definition());
        Register(Requests.Definition());

        Deregister(reference);

        var family = _emulation.State.FindDefinitions(Emulation.Scope, "d")!;
        family.Find(revision)!.ToWire(new Dictionary<string, string>()).Status.Should().Be("INACTIVE");
        family.Find(3 - revision)!.ToWire(new Dictionary<string, string>()).Status.Should().Be("ACTIVE");
    }

    [Fact]
    [AwsRule("5.1", Evidence.Doc, "a submitted job goes on when its definition is deregistered")]
    public void Job_outlives_its_definition()
    {
        _emulation.Ready(maxVcpus: 1);
        var running = _emulation.Submit();
        var waiting = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });

        Deregister("d:1");
        _emulation.Succeed(running);
        _emulation.Exit(waiting, 1);
        _emulation.Succeed(waiting);

        _emulation.Job(running).Status.Should().Be(Core.Jobs.JobStatus.Succeeded);
        _emulation.Job(waiting).Status.Should().Be(Core.Jobs.JobStatus.Succeeded);
    }

    [Fact]
    [AwsRule("5.2", Evidence.Rec, "lists and maps come back empty, scalars stay absent; `containerOrchestrationType` is always there")]
    public void Echo_fills_lists_and_leaves_scalars_absent()
    {
        var echoed = JobDefinitionEcho.Of(Requests.Definition() with
        {
            RetryStrategy = new() { Attempts = 2 },
            ContainerProperties = Requests.Container() with { Command = null, LinuxParameters = new() { Devices = [new() { HostPath = "/dev/x" }] }, LogConfiguration = new() { LogDriver = "awslogs" } },
        });

        var container = echoed.ContainerProperties!;
        new object?[] { container.Command, container.Volumes, container.Environment, container.MountPoints, container.Ulimits, container.Secrets }
            .Should().AllBeAssignableTo<System.Collections.IEnumerable>().And.NotContainNulls();
        container.Vcpus.Should().BeNull();
        container.User.Should().BeNull();
        container.LinuxParameters!.Tmpfs.Should().BeEmpty();
        container.LinuxParameters.Devices![0].Permissions.Should().BeEmpty();
        container.LogConfiguration!.Options.Should().BeEmpty();
        container.LogConfiguration.SecretOptions.Should().BeEmpty();
        echoed.RetryStrategy!.EvaluateOnExit.Should().BeEmpty();
        echoed.Parameters.Should().BeEmpty();
        echoed.ContainerOrchestrationType.Should().Be("ECS");
        echoed.Timeout.Should().BeNull();
        echoed.PlatformCapabilities.Should().BeNull();
    }

    [Fact]
    [AwsRule("5.2", Evidence.Client, "Fargate shows the platform version `LATEST`")]
    public void Fargate_definition_shows_the_latest_platform_version() =>
        JobDefinitionEcho.Of(Fargate()).ContainerProperties!.FargatePlatformConfiguration!.PlatformVersion.Should().Be("LATEST");

    [Fact]
    [AwsRule("5.2", Evidence.Infer, "variables without a value are dropped")]
    public void Environment_entries_without_a_value_are_dropped() =>
        ContainerEcho.EnvironmentOf([new() { Name = "A", Value = "" }, new() { Name = "B", Value = "b" }]).Should().ContainSingle();

    private static Wire.RegisterJobDefinitionRequest Fargate() => Requests.Definition() with
    {
        PlatformCapabilities = ["FARGATE"],
        ContainerProperties = Requests.Container("0.25", "512") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" },
    };

    private Wire.RegisterJobDefinitionResponse Register(Wire.RegisterJobDefinitionRequest request) =>
        _emulation.Call(Wire.Operations.RegisterJobDefinition, request);

    private void Deregister(string reference) =>
        _emulation.Call(Wire.Operations.DeregisterJobDefinition, new() { JobDefinition = reference });
}
