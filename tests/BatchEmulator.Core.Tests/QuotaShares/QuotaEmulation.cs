using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.QuotaShares;

/// <summary>A queue with quota shares, as an administrator and its users handle it.</summary>
internal static class QuotaEmulation
{
    public const string Type = "ml.m5.large";

    /// <summary>A service environment <c>qe</c> of some instances, a policy <c>quota</c> and a queue <c>qq</c>.</summary>
    public static Emulation ReadyForQuotaShares(this Emulation emulation, int instances = 4)
    {
        emulation.Call(Wire.Operations.CreateServiceEnvironment, Requests.ServiceEnvironment("qe") with { CapacityLimits = [Limit(instances)] });
        var policy = emulation.QuotaPolicy();
        emulation.Advance(TimeSpan.FromSeconds(1));
        emulation.Call(Wire.Operations.CreateJobQueue, Requests.ServiceQueue("qq", "qe") with { SchedulingPolicyArn = policy });
        emulation.Advance(TimeSpan.FromSeconds(1));
        return emulation;
    }

    public static string QuotaPolicy(this Emulation emulation, string name = "quota") => emulation.Call(
        Wire.Operations.CreateSchedulingPolicy,
        new() { Name = name, QuotaSharePolicy = new() { IdleResourceAssignmentStrategy = "FIFO" } }).Arn!;

    public static Wire.CapacityLimit Limit(int instances, string type = Type) => new() { CapacityUnit = type, MaxCapacity = instances };

    public static Wire.QuotaShareCapacityLimit ShareLimit(int instances, string type = Type) =>
        new() { CapacityUnit = type, MaxCapacity = instances };

    public static Wire.CreateQuotaShareRequest Request(string name, int limit, string strategy = "LEND_AND_BORROW", string inShare = "DISABLED") =>
        new()
        {
            QuotaShareName = name,
            JobQueue = "qq",
            CapacityLimits = [ShareLimit(limit)],
            ResourceSharingConfiguration = new() { Strategy = strategy },
            PreemptionConfiguration = new() { InSharePreemption = inShare },
        };

    /// <summary>Creates a quota share; returns its ARN.</summary>
    public static string Share(
        this Emulation emulation, string name, int limit, string strategy = "LEND_AND_BORROW", string inShare = "DISABLED", int? borrowLimit = null)
    {
        var request = Request(name, limit, strategy, inShare);
        var arn = emulation.Call(Wire.Operations.CreateQuotaShare, request with
        {
            ResourceSharingConfiguration = request.ResourceSharingConfiguration! with { BorrowLimit = borrowLimit },
        }).QuotaShareArn!;
        emulation.Advance(Settling.Duration);
        return arn;
    }

    /// <summary>Submits a job to a quota share; returns its id.</summary>
    public static string SubmitTo(this Emulation emulation, string share, int instances = 1, int? priority = null, int? retries = null) =>
        emulation.SubmitService(share, instances, r => r with
        {
            JobQueue = "qq",
            QuotaShareName = share,
            SchedulingPriority = priority,
            PreemptionConfiguration = retries is null ? null : new() { PreemptionRetriesBeforeTermination = retries },
        });

    public static JobStatus StatusOf(this Emulation emulation, string jobId) => emulation.Job(jobId).Status;

    /// <summary>Reports that the attempt of a preempted job has stopped.</summary>
    public static void Stopped(this Emulation emulation, string jobId) => emulation.Exit(jobId, exitCode: 137);

    public static void Update(this Emulation emulation, Wire.UpdateQuotaShareRequest request)
    {
        emulation.Call(Wire.Operations.UpdateQuotaShare, request);
        emulation.Advance(Settling.Duration);
    }

    public static Wire.DescribeServiceJobResponse Shown(this Emulation emulation, string jobId) =>
        ServiceJobDetails.Of(emulation.Job(jobId), new Dictionary<string, string>());
}
