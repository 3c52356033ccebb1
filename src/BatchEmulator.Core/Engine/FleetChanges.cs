using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling.Fleets;

namespace BatchEmulator.Core.Engine;

/// <summary>Ends of instances, which are decided by scaling, by EC2 or by their environment.</summary>
internal static class FleetChanges
{
    /// <summary>Carries out what is due for an instance: its end, or the notice of it.</summary>
    public static void Due(Turn turn, string instanceArn)
    {
        if (turn.State.Of<Instance>().GetValueOrDefault(instanceArn) is not { } instance)
        {
            return;
        }

        if (instance.EndsAt <= turn.Now)
        {
            Terminate(turn, instance);
        }
        else if (instance is { EndsAt: null, NoticeAt: { } noticeAt } && noticeAt <= turn.Now)
        {
            Interrupt(turn, instance, hasNotice: true);
        }
    }

    /// <summary>Reclaims an instance, after the notice of a Spot interruption or without, or loses its host.</summary>
    public static void Interrupt(Turn turn, Instance instance, bool hasNotice)
    {
        turn.State.Costs.Interrupt(instance);
        if (hasNotice)
        {
            Drain(turn, instance, Instance.Notice);
        }
        else
        {
            Terminate(turn, instance);
        }
    }

    /// <summary>Drains an instance: it starts no more jobs, and is terminated when its last job ends or its time is over.</summary>
    public static void Drain(Turn turn, Instance instance, TimeSpan time)
    {
        if (instance.Status != InstanceStatus.Draining)
        {
            turn.Record(new ResourceSaved(instance.Drained(turn.Now + time)));
            Scaling.LowerDesired(turn, instance.ComputeEnvironmentArn);
        }
    }

    /// <summary>Terminates an instance. The attempts that run on it have lost their host, and are retried as their jobs say.</summary>
    public static void Terminate(Turn turn, Instance instance)
    {
        foreach (var key in AttemptsOn(turn, instance))
        {
            AttemptProgress.Interrupted(turn, key);
        }

        turn.Record(new ResourceRemoved(instance));
        Scaling.LowerDesired(turn, instance.ComputeEnvironmentArn);
    }

    /// <summary>Terminates all instances of an environment that is about to be removed.</summary>
    public static void TerminateAll(Turn turn, string environmentArn)
    {
        foreach (var instance in InstancesOf(turn, environmentArn))
        {
            Terminate(turn, instance);
        }
    }

    /// <summary>
    /// Replaces the instances of an environment (User Guide, "Perform infrastructure updates"): none starts more jobs, and the jobs on them
    /// end at once or have a time to finish.
    /// </summary>
    public static void Replace(Turn turn, ComputeEnvironment environment)
    {
        var policy = environment.Specification.UpdatePolicy;
        foreach (var instance in InstancesOf(turn, environment.Arn))
        {
            if (policy?.TerminateJobsOnUpdate == true)
            {
                Terminate(turn, instance);
            }
            else
            {
                Drain(turn, instance, TimeSpan.FromMinutes(
                    policy?.JobExecutionTimeoutMinutes ?? ComputeEnvironmentUpdate.DefaultTimeoutMinutes));
            }
        }
    }

    /// <summary>Returns the instances of an environment in the order of their launch.</summary>
    public static IReadOnlyList<Instance> InstancesOf(Turn turn, string environmentArn) =>
        turn.State.Fleets.ByEnvironment.TryGetValue(environmentArn, out var fleet)
            ? [.. fleet.Instances.Select(known => known.Instance).OrderBy(instance => instance.Sequence)]
            : [];

    /// <summary>Returns the attempts that run on an instance. A node that has yet to start takes its job's main node with it.</summary>
    private static IReadOnlyList<AttemptKey> AttemptsOn(Turn turn, Instance instance)
    {
        var state = turn.State;
        IReadOnlyCollection<string> ids = state.Fleets.Of(instance.ComputeEnvironmentArn).Find(instance.Arn) is FleetInstance known
            ? known.JobIds
            : [];
        return [.. ids.Select(id => PartOn(state, state.Jobs[id], instance).CurrentKey).OfType<AttemptKey>()];
    }

    private static Job PartOn(BatchState state, Job job, Instance instance) => !job.IsMultiNode
        ? job
        : state.NodesOf(job).FirstOrDefault(node => node.Current?.ContainerInstanceArn == instance.Arn)
            ?? state.NodesOf(job).Single(node => node.IsMainNode);
}
