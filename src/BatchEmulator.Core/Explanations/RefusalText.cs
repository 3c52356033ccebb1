using System.Globalization;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Jobs.Work;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Explanations;

/// <summary>Words the refusals of the scheduling plan. It adds the amounts that they are about, and decides nothing.</summary>
internal static class RefusalText
{
    public static IReadOnlyList<ExplainedRefusal> Of(BatchState state, QueueHead head) => head.Job is not { } job ? [] :
    [
        .. head.OfJob.Select(reason => new ExplainedRefusal(null, reason.ToString(), OfJob(state, job, reason))),
        .. head.OfEnvironments.Select(refusal => new ExplainedRefusal(
            Arn.NameOf(refusal.EnvironmentArn), refusal.Reason.ToString(), OfEnvironment(state, job, refusal))),
    ];

    /// <summary>Writes vCPUs as a person does, e.g. <c>0.25</c> or <c>16</c>.</summary>
    public static string Vcpus(long milliVcpus) => (milliVcpus / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string OfJob(BatchState state, Job job, Refusal reason) => reason switch
    {
        Refusal.ServiceLacksCapacity => "The service had no instances for it, and is asked again later.",
        Refusal.LacksUnits => string.Join(' ', job.Specification.Units!.Select(units => OfUnits(state, units)).OfType<string>()),
        Refusal.Reserved =>
            "The scheduling policy reserves capacity for share identifiers that are not active, "
            + $"so that {job.Specification.ShareIdentifier} can have no more now.",
        Refusal.ExceedsQuotaShare =>
            $"Its quota share {job.Specification.QuotaShareName} can never hold it: it needs {InstancesOf(job)}, "
            + "more than the limits and what the share could borrow.",
        Refusal.QuotaShareFull =>
            $"The limits of its quota share {job.Specification.QuotaShareName} are used, and there is nothing that it could borrow: "
            + $"jobs hold {HeldOf(state, job)}, and it needs {InstancesOf(job)}.",
        Refusal.AwaitsCapacity => "Jobs are being stopped; it gets the instances that they give up.",
        _ => throw new NotSupportedException(reason.ToString()),
    };

    private static string InstancesOf(Job job) =>
        string.Join(", ", job.Specification.Service!.Instances.Select(instances => $"{instances.Count} of {instances.Type}"));

    private static string HeldOf(BatchState state, Job job) => string.Join(", ", state.Of<QuotaShare>()[job.Specification.LineArn]
        .CapacityLimits.Select(limit => $"{HeldOf(state, job, limit.CapacityUnit!)} of {limit.MaxCapacity} {limit.CapacityUnit}"));

    private static long HeldOf(BatchState state, Job job, string type) =>
        ((QuotaManagement)state.OrderingOf(job.Specification.JobQueueArn)!).Of(job).HeldOf(type);

    private static string? OfUnits(BatchState state, ConsumableUnits units)
    {
        var name = Arn.NameOf(units.Resource);
        return !state.Of<ConsumableResource>().TryGetValue(units.Resource, out var resource)
            ? $"The consumable resource {name} does not exist."
            : resource.Available >= units.Quantity ? null
            : $"It needs {units.Quantity} of the consumable resource {name}, "
                + $"of which {resource.Available} of {resource.Total} are available.";
    }

    private static string OfEnvironment(BatchState state, Job job, EnvironmentRefusal refusal) => state.Find(refusal.EnvironmentArn) switch
    {
        ComputeEnvironment environment => OfCompute(state, job, environment, refusal),
        ServiceEnvironment environment => OfService(state, job, environment, refusal.Reason),
        _ => $"The environment {Arn.NameOf(refusal.EnvironmentArn)} does not exist any more.",
    };

    private static string OfCompute(BatchState state, Job job, ComputeEnvironment environment, EnvironmentRefusal refusal) =>
        refusal.Reason switch
        {
            Refusal.TakesNoJobs => TakesNoJobs(environment),
            Refusal.TakesNoMultiNodeJobs => $"{environment.Name} takes no multi-node parallel jobs.",
            Refusal.ExceedsMaximum when job.Needs.MilliVcpus > environment.MaximumMilliVcpus =>
                $"{environment.Name} can never hold it: "
                + $"it needs {Vcpus(job.Needs.MilliVcpus)} vCPUs, and maxvCpus is {Vcpus(environment.MaximumMilliVcpus)}.",
            Refusal.ExceedsMaximum =>
                $"{environment.Name} can never hold it: it needs {Needs(job)}, and the instances that can hold that have more vCPUs "
                + $"than maxvCpus, which is {Vcpus(environment.MaximumMilliVcpus)}.",
            Refusal.FitsNoInstanceType =>
                $"{environment.Name} has no instance type that can hold it: it needs {Needs(job)}, "
                + $"and instanceTypes is {Types(environment)}.",
            Refusal.AwaitsInstance =>
                $"{environment.Name} launches an instance ({refusal.InstanceType}) for it, "
                + $"which can run jobs at {ExplainJob.Time(refusal.At!.Value)}.",
            Refusal.NoInstanceCapacity =>
                $"{environment.Name} has no room, and EC2 has no {refusal.InstanceType} {environment.Purchase.Text()} instances for it.",
            Refusal.NoRoom => NoRoom(state, job, environment),
            _ => throw new NotSupportedException(refusal.Reason.ToString()),
        };

    private static string NoRoom(BatchState state, Job job, ComputeEnvironment environment)
    {
        var used = Vcpus(state.Capacity.Used(environment.Arn).MilliVcpus);
        var maximum = Vcpus(environment.MaximumMilliVcpus);
        var fleet = state.Fleets.Of(environment.Arn);
        if (fleet.Count == 0)
        {
            return $"{environment.Name} has no room: jobs hold {used} of {maximum} vCPUs, and it needs {Vcpus(job.Needs.MilliVcpus)}.";
        }

        var left = fleet.Count == 1 ? "its instance does not have" : $"none of its {fleet.Count} instances has";
        return $"{environment.Name} has no room: {left} {Needs(job)} left, "
            + $"and with {fleet.Vcpus} of {maximum} vCPUs it cannot launch another. Jobs hold {used} vCPUs.";
    }

    private static string Types(ComputeEnvironment environment) =>
        string.Join(", ", environment.Specification.ComputeResources!.InstanceTypes!);

    /// <summary>Writes what has to fit on one instance each.</summary>
    private static string Needs(Job job)
    {
        var needs = job.Work.OnInstances.Select(Needs).CountBy(text => text)
            .Select(group => group.Value == 1 ? group.Key : $"{group.Value} times {group.Key}");
        return string.Join(" and ", needs);
    }

    private static string Needs(InstanceNeeds needs) =>
        $"{Vcpus(needs.Amounts.MilliVcpus)} vCPUs, {needs.Amounts.MemoryMiB} MiB"
        + (needs.Amounts.Gpus > 0 ? $", {needs.Amounts.Gpus} GPUs" : "")
        + (needs.Types.Count > 0 ? $" on {string.Join(" or ", needs.Types)}" : "");

    private static string OfService(BatchState state, Job job, ServiceEnvironment environment, Refusal reason)
    {
        var needed = InstancesOf(job);
        return reason switch
        {
            Refusal.TakesNoJobs => TakesNoJobs(environment),
            Refusal.ExceedsMaximum => $"{environment.Name} can never hold it: it needs instances ({needed}) beyond the capacity limits.",
            Refusal.NoRoom =>
                $"{environment.Name} has no room: jobs hold {state.Capacity.InstancesUsed(environment.Arn, null)} of "
                + $"{environment.MaximumInstances} instances, and it needs {needed}.",
            _ => throw new NotSupportedException(reason.ToString()),
        };
    }

    private static string TakesNoJobs(StatefulResource environment) =>
        $"{environment.Name} takes no jobs: its state is {environment.State.Wire()}, its status {environment.Status.Wire()}.";
}
