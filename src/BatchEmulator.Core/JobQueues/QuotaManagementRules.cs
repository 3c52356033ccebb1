using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobQueues;

/// <summary>
/// Validates the resources of queues with quota shares (User Guide, "Create quota management resources" and "Service quotas"): such a queue
/// has a service environment of its own, whose limits are of instance types.
/// </summary>
/// <param name="queues">Existing queues by ARN.</param>
/// <param name="policies">Existing policies by ARN.</param>
internal sealed class QuotaManagementRules(
    IReadOnlyDictionary<string, JobQueue> queues, IReadOnlyDictionary<string, SchedulingPolicy> policies)
{
    /// <summary>Returns true if the jobs of a queue are in quota shares.</summary>
    public bool HasQuotaShares(JobQueue queue) => HasQuotaShares(queue.SchedulingPolicyArn);

    /// <summary>Checks the service environment of a new or changed queue.</summary>
    /// <param name="queueArn">ARN of the queue.</param>
    /// <param name="policyArn">ARN of its policy; null or empty if it has none.</param>
    /// <param name="environment">Its service environment.</param>
    public void CheckEnvironment(string queueArn, string? policyArn, ServiceEnvironment environment)
    {
        var isManaged = HasQuotaShares(policyArn);
        Require(!isManaged || environment.LimitsTypes, OpenTexts.QuotaServiceEnvironment);
        Require(
            !QueuesOf(environment).Any(other => other.Arn != queueArn && (isManaged || HasQuotaShares(other))),
            OpenTexts.QuotaServiceEnvironmentInUse);
    }

    /// <summary>Checks that the policy of an existing queue stays of its kind.</summary>
    public void CheckKind(JobQueue queue, string? policyArn) => Require(
        string.IsNullOrEmpty(policyArn) || HasQuotaShares(policyArn) == HasQuotaShares(queue), OpenTexts.PolicyKindOfQueue);

    /// <summary>Checks the new limits of an environment.</summary>
    public void CheckLimits(ServiceEnvironment environment) => Require(
        environment.LimitsTypes || !QueuesOf(environment).Any(HasQuotaShares), OpenTexts.QuotaServiceEnvironment);

    private bool HasQuotaShares(string? policyArn) =>
        !string.IsNullOrEmpty(policyArn) && policies.TryGetValue(policyArn, out var policy) && policy.QuotaShare is not null;

    private IEnumerable<JobQueue> QueuesOf(ServiceEnvironment environment) =>
        queues.Values.Where(queue => queue.ServiceEnvironmentOrder?.Any(entry => entry.ServiceEnvironment == environment.Arn) == true);
}
