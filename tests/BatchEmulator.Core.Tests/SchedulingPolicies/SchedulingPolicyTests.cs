using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Tests.SchedulingPolicies;

/// <summary>Scheduling policies, and the queues that use them (docs/aws-behaviour.md, sections 4.2 and 9.3).</summary>
[Trait("Section", "9.3")]
public sealed class SchedulingPolicyTests
{
    private const string Arn = "arn:aws:batch:eu-central-1:123456789012:scheduling-policy/p";
    private readonly Emulation _emulation = new();

    public static TheoryData<string, string> Refused => new()
    {
        { """{"fairsharePolicy":{},"quotaSharePolicy":{"idleResourceAssignmentStrategy":"FIFO"}}""", "A scheduling policy can have either fairsharePolicy or quotaSharePolicy" },
        { """{"quotaSharePolicy":{"idleResourceAssignmentStrategy":"LIFO"}}""", "Idle resource assignment strategy must be one of [FIFO]." },
        { """{"fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a"},{"shareIdentifier":"a"}]}}""", "Cannot have two or more identical shareIdentifiers." },
        { """{"fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"UserA1"},{"shareIdentifier":"UserA*"}]}}""", "Share identifier UserA1 matches another share identifier UserA*" },
        { """{"fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"User*"},{"shareIdentifier":"UserA*"}]}}""", "Share identifier UserA* matches another share identifier User*" },
        { """{"fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a","weightFactor":0.00009}]}}""", "Weight factor should be between 0.0001 and 999.9999." },
        { """{"fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a","weightFactor":1000}]}}""", "Weight factor should be between 0.0001 and 999.9999." },
        { """{"fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"not valid"}]}}""", "ShareIdentifier name should match a valid pattern." },
        { """{"fairsharePolicy":{"shareDistribution":[{"weightFactor":1}]}}""", "fairsharePolicy.shareDistribution[0].shareIdentifier is required." },
        { """{"fairsharePolicy":{"shareDecaySeconds":604801}}""", OpenTexts.ShareDecay },
        { """{"fairsharePolicy":{"shareDecaySeconds":-1}}""", OpenTexts.ShareDecay },
        { """{"fairsharePolicy":{"computeReservation":100}}""", OpenTexts.ComputeReservation },
        { """{"fairsharePolicy":{"computeReservation":-1}}""", OpenTexts.ComputeReservation },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Create_and_update_refuse_the_same_values_in_the_words_of_aws(string change, string text)
    {
        Create("other");
        var create = () => _emulation.Call(Wire.Operations.CreateSchedulingPolicy, Json.Patched(new Wire.CreateSchedulingPolicyRequest { Name = "p" }, change));
        var update = () => _emulation.Call(
            Wire.Operations.UpdateSchedulingPolicy, Json.Patched(new Wire.UpdateSchedulingPolicyRequest { Arn = Arn.Replace("/p", "/other", StringComparison.Ordinal) }, change));

        create.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
        update.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
        _emulation.State.Of<SchedulingPolicy>().Should().ContainSingle();
    }

    [Fact]
    public void Name_is_checked_and_taken_once()
    {
        Create();

        this.Invoking(t => t.Create("a.b")).Should().Throw<ClientException>().WithMessage(OpenTexts.PolicyName);
        this.Invoking(t => t.Create()).Should().Throw<ClientException>().WithMessage(OpenTexts.AlreadyExists);
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, "ShareDistribution size cannot be greater than 500.")]
    public void Distribution_has_at_most_500_entries(int count, string? text)
    {
        var entries = Enumerable.Range(0, count).Select(i => new Wire.ShareAttributes { ShareIdentifier = $"s{i}" }).ToList();

        var create = () => Create(fairshare: new() { ShareDistribution = entries });

        if (text is null)
        {
            create.Should().NotThrow();
        }
        else
        {
            create.Should().Throw<ClientException>().WithMessage(text);
        }
    }

    [Fact]
    public void Policy_is_shown_as_it_was_given_with_its_list()
    {
        Create(fairshare: new() { ComputeReservation = 1, ShareDecaySeconds = 3600 });
        Create("quota", quotaShare: new() { IdleResourceAssignmentStrategy = "FIFO" });
        Create("bare");

        Shown("p").FairsharePolicy.Should()
            .BeEquivalentTo(new Wire.FairsharePolicy { ComputeReservation = 1, ShareDecaySeconds = 3600, ShareDistribution = [] });
        Shown("quota").QuotaSharePolicy!.IdleResourceAssignmentStrategy.Should().Be("FIFO");
        (Shown("bare").FairsharePolicy, Shown("bare").Arn).Should().Be((null, Arn.Replace("/p", "/bare", StringComparison.Ordinal)));
    }

    [Fact]
    public void Update_replaces_the_policy_and_needs_one_that_exists()
    {
        Create(fairshare: new() { ComputeReservation = 1, ShareDecaySeconds = 3600 });

        _emulation.Call(Wire.Operations.UpdateSchedulingPolicy, new() { Arn = Arn, FairsharePolicy = new() { ShareDecaySeconds = 60 } });

        Shown("p").FairsharePolicy.Should().BeEquivalentTo(new Wire.FairsharePolicy { ShareDecaySeconds = 60, ShareDistribution = [] });
        var unknown = () => _emulation.Call(Wire.Operations.UpdateSchedulingPolicy, new() { Arn = Arn + "x" });
        unknown.Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(e => !e.IsWrapped && e.Message == $"SchedulingPolicy {Arn}x not found.");
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "a policy is of fair share or of quota shares, and stays so")]
    public void Policy_does_not_change_between_fair_share_and_quota_shares()
    {
        Create();
        var update = () => _emulation.Call(
            Wire.Operations.UpdateSchedulingPolicy, new() { Arn = Arn, QuotaSharePolicy = new() { IdleResourceAssignmentStrategy = "FIFO" } });

        update.Should().Throw<ClientException>().WithMessage(OpenTexts.PolicyKind);
    }

    [Fact]
    public void Policy_in_use_stays_until_its_queue_is_gone()
    {
        Create();
        _emulation.Environment();
        CreateQueue("q", Arn);
        var delete = () => _emulation.Call(Wire.Operations.DeleteSchedulingPolicy, new() { Arn = Arn });
        delete.Should().Throw<ClientException>().Which.Should()
            .Match<ClientException>(e => !e.IsWrapped && e.Message == OpenTexts.PolicyInUse);
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "q", State = "DISABLED" });
        _emulation.Advance(Settling.Duration);
        _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "q" });
        _emulation.Advance(Settling.Duration);

        delete.Should().NotThrow();

        _emulation.State.Of<SchedulingPolicy>().Should().BeEmpty();
        delete.Should().NotThrow("deleting what does not exist succeeds");
    }

    [Theory]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:job-queue/x", "Only scheduling policy Arn can be allowed.")]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:scheduling-policy/x", "SchedulingPolicy arn:aws:batch:eu-central-1:123456789012:scheduling-policy/x not found.")]
    [InlineData("arn:aws:batch:eu-central-1:123456789012:scheduling-policy/quota", "Quota Management feature is only supported for SageMaker Training job queues.")]
    public void Queue_accepts_only_an_existing_fair_share_policy(string policyArn, string text)
    {
        Create();
        Create("quota", quotaShare: new() { IdleResourceAssignmentStrategy = "FIFO" });
        _emulation.Environment();
        CreateQueue("shared", Arn);

        var create = () => CreateQueue("q", policyArn);
        var update = () => _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "shared", SchedulingPolicyArn = policyArn });

        create.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
        update.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Fact]
    public void Policy_of_a_queue_is_replaced_but_never_added()
    {
        Create();
        _emulation.Environment();
        _emulation.Queue();
        var queue = CreateQueue("shared", Arn);
        Create("newer");

        _emulation.Call(
            Wire.Operations.UpdateJobQueue,
            new() { JobQueue = "shared", SchedulingPolicyArn = Arn.Replace("/p", "/newer", StringComparison.Ordinal) });
        var add = () => _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "q", SchedulingPolicyArn = Arn });

        _emulation.State.Of<JobQueue>()[queue].ToWire(new Dictionary<string, string>()).SchedulingPolicyArn.Should().EndWith("/newer");
        add.Should().Throw<ClientException>().WithMessage(OpenTexts.PolicyNotAdded);
        _emulation.Restart();
        _emulation.State.Of<JobQueue>()[queue].SchedulingPolicyArn.Should().EndWith("/newer");
    }

    private void Create(string name = "p", Wire.FairsharePolicy? fairshare = null, Wire.QuotaSharePolicy? quotaShare = null) =>
        _emulation.Call(
            Wire.Operations.CreateSchedulingPolicy, new() { Name = name, FairsharePolicy = fairshare, QuotaSharePolicy = quotaShare });

    private string CreateQueue(string name, string policyArn)
    {
        var arn = _emulation.Call(Wire.Operations.CreateJobQueue, Requests.Queue(name, 1, "ce") with { SchedulingPolicyArn = policyArn }).JobQueueArn!;
        _emulation.Advance(Settling.Duration);
        return arn;
    }

    private Wire.SchedulingPolicyDetail Shown(string name) =>
        _emulation.State.Of<SchedulingPolicy>().Values.Single(p => p.Name == name).ToWire(new Dictionary<string, string>());
}
