using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>Faults of EC2 and Fargate that a test asks for.</summary>
public static class InstanceFaults
{
    private const int MaximumNameInError = 200;

    /// <summary>Reclaims Spot capacity: an instance, or a task of Fargate Spot.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="scope">Account and Region of names.</param>
    /// <param name="target">What is reclaimed.</param>
    /// <param name="hasNotice">True to announce the end of an instance two minutes before.</param>
    /// <exception cref="ClientException">There is nothing of that kind.</exception>
    public static void Reclaim(Turn turn, Scope scope, FaultTarget target, bool hasNotice)
    {
        if (target.JobId is { } id && FindJob(turn, id) is { } job && IsOnFargateSpot(turn, job))
        {
            Interrupt(turn, job, hasNotice);
            return;
        }

        foreach (var instance in Find(turn, scope, target, instance => instance.Purchase == Purchase.Spot))
        {
            Refuse(instance.Purchase != Purchase.Spot, $"{instance.Name} is no Spot instance: EC2 does not reclaim it. Use lose.");
            FleetChanges.Interrupt(turn, instance, hasNotice);
        }
    }

    /// <summary>Terminates instances without notice, however they were bought.</summary>
    /// <exception cref="ClientException">There is nothing of that kind.</exception>
    public static void Lose(Turn turn, Scope scope, FaultTarget target)
    {
        foreach (var instance in Find(turn, scope, target, _ => true))
        {
            FleetChanges.Interrupt(turn, instance, hasNotice: false);
        }
    }

    /// <summary>Replaces the shortages of capacity.</summary>
    public static void SetShortages(Turn turn, IReadOnlyList<Shortage> shortages)
    {
        turn.State.Market = turn.State.Market with { Shortages = [.. shortages] };
        turn.State.Agenda.RequestScheduling();
        foreach (var shortage in shortages)
        {
            turn.State.Agenda.Timers.Add(shortage.Until, new JobMayBePlaced());
        }
    }

    /// <summary>Replaces the hazard rates, also for the Spot instances and tasks that exist.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="rates">Interruptions in an hour by instance type, <c>FARGATE_SPOT</c>, or <c>*</c> for any other.</param>
    /// <param name="seed">Seed of the times of interruptions.</param>
    public static void SetHazards(Turn turn, IReadOnlyDictionary<string, double> rates, int seed)
    {
        var market = turn.State.Market with { Seed = seed, Hazards = Market.Unlimited.Hazards.SetItems(rates) };
        turn.State.Market = market;
        foreach (var instance in turn.State.Of<Instance>().Values.OrderBy(instance => instance.Sequence).ToList())
        {
            if (instance is { Purchase: Purchase.Spot, Status: not InstanceStatus.Draining })
            {
                turn.Record(new ResourceSaved(
                    instance with { NoticeAt = Hazard.Draw(market, instance.Type, instance.Sequence, turn.Now) }));
            }
        }

        foreach (var job in turn.State.Jobs.Values.Where(job => IsOnFargateSpot(turn, job)).OrderBy(job => job.Sequence).ToList())
        {
            turn.Record(job with
            {
                Current = job.Current! with
                {
                    InterruptedAt = Hazard.Draw(market, Hazard.FargateSpot, job.Current.Placement, turn.Now),
                },
            });
        }
    }

    /// <summary>Ends a Fargate Spot task, two minutes after a notice (ECS Developer Guide, "Fargate Spot termination notices").</summary>
    private static void Interrupt(Turn turn, Job job, bool hasNotice)
    {
        if (hasNotice)
        {
            turn.Record(job with { Current = job.Current! with { InterruptedAt = turn.Now + Instance.Notice } });
        }
        else
        {
            AttemptProgress.Interrupted(turn, job.CurrentKey!.Value);
        }
    }

    private static IReadOnlyList<Instance> Find(Turn turn, Scope scope, FaultTarget target, Func<Instance, bool> isMeant)
    {
        if (target.Instance is { } given)
        {
            var found = turn.State.Of<Instance>().GetValueOrDefault(given)
                ?? turn.State.Of<Instance>().Values.FirstOrDefault(instance => instance.Name == given);
            Refuse(found is null, $"There is no instance {Shown(given)}.");
            return [found!];
        }

        if (target.JobId is { } id)
        {
            var arn = FindJob(turn, id)?.Current?.ContainerInstanceArn;
            var found = arn is null ? null : turn.State.Of<Instance>().GetValueOrDefault(arn);
            Refuse(found is null, $"Job {Shown(id)} does not run on an instance.");
            return [found!];
        }

        var environment = Arn.Resolve(scope, Arn.ComputeEnvironmentType, target.Environment!);
        Refuse(!turn.State.Of<ComputeEnvironment>().ContainsKey(environment), $"There is no environment {Shown(target.Environment!)}.");
        var instances = FleetChanges.InstancesOf(turn, environment)
            .Where(instance => instance.Status != InstanceStatus.Draining && isMeant(instance))
            .Take(target.Count).ToList();
        Refuse(instances.Count == 0, $"{Shown(target.Environment!)} has no such instance.");
        return instances;
    }

    private static Job? FindJob(Turn turn, string idOrArn) =>
        turn.State.Jobs.GetValueOrDefault(Arn.Parse(idOrArn) is { Type: Arn.JobType } arn ? arn.Name : idOrArn);

    private static bool IsOnFargateSpot(Turn turn, Job job) =>
        job is { IsService: false, Current: { } current }
        && turn.State.Of<ComputeEnvironment>().GetValueOrDefault(current.ComputeEnvironmentArn) is { IsFargate: true, Purchase: Purchase.Spot };

    private static string Shown(string name) => Excerpt.Of(name, MaximumNameInError);

    private static void Refuse(bool isRefused, string message)
    {
        if (isRefused)
        {
            throw ClientException.Refused(message);
        }
    }
}

/// <summary>Instances that a fault concerns. One of the first three members is set.</summary>
/// <param name="Instance">EC2 instance id, or ARN of the container instance.</param>
/// <param name="JobId">Id or ARN of a job that runs on the instance.</param>
/// <param name="Environment">Name or ARN of a compute environment, of which the oldest instances are taken.</param>
/// <param name="Count">Number of instances of the environment.</param>
public sealed record FaultTarget(string? Instance, string? JobId, string? Environment, int Count);
