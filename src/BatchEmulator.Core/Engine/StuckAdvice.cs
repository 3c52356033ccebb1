using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Engine;

/// <summary>Words a warning about a job that is stuck at the front of its queue, with what would help.</summary>
internal static class StuckAdvice
{
    public static string Of(QueueHead head, string reason)
    {
        var share = head.Job?.Specification.QuotaShareName;
        var line = share is null ? $"queue {head.Queue.Name}" : $"quota share {share} of queue {head.Queue.Name}";
        var ofShare = head.OfJob.Contains(Refusal.ExceedsQuotaShare) ? $"Raise the limits of {share}, or submit a smaller job." : null;
        var advice = string.Join(
            ' ', head.OfEnvironments.Select(Of).Append(ofShare).OfType<string>().Distinct(StringComparer.Ordinal));
        return $"is stuck in RUNNABLE at the front of {line}, and no job behind it starts: {reason} {advice}".TrimEnd();
    }

    private static string? Of(EnvironmentRefusal refusal)
    {
        var environment = Arn.NameOf(refusal.EnvironmentArn);
        return refusal.Reason switch
        {
            Refusal.TakesNoJobs => $"Enable {environment}, or take it out of the queue.",
            Refusal.TakesNoMultiNodeJobs => $"{environment} takes no multi-node parallel jobs: submit it to a queue with an EC2 environment.",
            Refusal.ExceedsMaximum => $"Raise the maximum of {environment}, or submit a smaller job.",
            Refusal.FitsNoInstanceType => $"Add a larger instance type to {environment}, or submit a smaller job.",
            Refusal.NoInstanceCapacity =>
                $"{environment} waits for the end of the shortage of {refusal.InstanceType}: other instance types, another allocation strategy "
                + "or a second environment in the queue would help.",
            _ => null,
        };
    }
}
