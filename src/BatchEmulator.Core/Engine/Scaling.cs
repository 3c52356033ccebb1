using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Scheduling.Fleets;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Scales environments down (User Guide, "Compute environment scaling"):
/// <list type="number">
/// <item>An instance that drains is terminated as soon as no job runs on it.</item>
/// <item>
/// An idle instance is terminated after the environment's minScaleDownDelayMinutes, which count from the end of its last job; otherwise
/// after the time that the emulator's settings give.
/// </item>
/// <item>An instance that a job awaits, since it is to have others as well, stays.</item>
/// <item>The environment keeps its minvCpus, and shows what it has as desiredvCpus.</item>
/// </list>
/// </summary>
internal static class Scaling
{
    public static void Run(Turn turn)
    {
        foreach (var arn in turn.State.Fleets.TakeChanged())
        {
            var fleet = turn.State.Fleets.Of(arn);
            var environment = turn.State.Of<ComputeEnvironment>().GetValueOrDefault(arn);
            foreach (var instance in fleet.TakeEmptied())
            {
                if (instance.Instance.Status == InstanceStatus.Draining)
                {
                    FleetChanges.Terminate(turn, instance.Instance);
                }
                else if (environment is not null && instance is { Instance.Status: InstanceStatus.Running, IsAwaited: false })
                {
                    instance.IdleSince ??= turn.Now;
                    TerminateIdle(turn, environment, fleet, instance);
                }
            }

            if (turn.State.Of<ComputeEnvironment>().GetValueOrDefault(arn) is { AcceptsJobs: true } scaled)
            {
                ShowDesired(turn, scaled, fleet);
            }
        }
    }

    /// <summary>Terminates an instance if it has been idle for long enough.</summary>
    public static void TerminateIdle(Turn turn, string instanceArn)
    {
        if (turn.State.Of<Instance>().GetValueOrDefault(instanceArn) is { } instance
            && turn.State.Of<ComputeEnvironment>().TryGetValue(instance.ComputeEnvironmentArn, out var environment))
        {
            var fleet = turn.State.Fleets.Of(environment.Arn);
            var known = fleet.Find(instanceArn)!;
            known.LookAt = known.LookAt > turn.Now ? known.LookAt : null;
            if (known is { IdleSince: not null, IsEmpty: true, IsAwaited: false })
            {
                TerminateIdle(turn, environment, fleet, known);
            }
        }
    }

    private static void TerminateIdle(Turn turn, ComputeEnvironment environment, Fleet fleet, FleetInstance idle)
    {
        var endsAt = idle.IdleSince!.Value + DelayOf(turn, environment, idle);
        var minimum = turn.State.Options.HasInstances ? environment.Specification.ComputeResources?.MinvCpus ?? 0 : 0;
        if (endsAt > turn.Now)
        {
            if (idle.LookAt is null || idle.LookAt > endsAt)
            {
                turn.State.Agenda.Timers.Add(endsAt, new InstanceIdlesTooLong(idle.Instance.Arn));
                idle.LookAt = endsAt;
            }
        }
        else if (fleet.Vcpus - idle.Type.Vcpus >= minimum)
        {
            FleetChanges.Terminate(turn, idle.Instance);
        }
    }

    /// <summary>The environment's own delay does not apply to an instance that never ran a job (API Reference, ComputeScalingPolicy).</summary>
    private static TimeSpan DelayOf(Turn turn, ComputeEnvironment environment, FleetInstance instance) =>
        instance.HasRunJobs && environment.Specification.ComputeResources?.ScalingPolicy?.MinScaleDownDelayMinutes is { } minutes and > 0
            ? TimeSpan.FromMinutes(minutes)
            : turn.State.Options.ScaleDownDelay;

    /// <summary>Lowers the desiredvCpus of an environment that has lost an instance, so that it is not launched again for them.</summary>
    public static void LowerDesired(Turn turn, string environmentArn)
    {
        if (turn.State.Of<ComputeEnvironment>().GetValueOrDefault(environmentArn) is { } environment
            && turn.State.Fleets.Of(environmentArn) is var fleet
            && fleet.Vcpus < environment.Specification.ComputeResources?.DesiredvCpus)
        {
            ShowDesired(turn, environment, fleet);
        }
    }

    private static void ShowDesired(Turn turn, ComputeEnvironment environment, Fleet fleet)
    {
        var resources = environment.Specification.ComputeResources;
        if (turn.State.Options.HasInstances && environment.AllowedTypes is not null && resources!.DesiredvCpus != fleet.Vcpus)
        {
            turn.Record(new ResourceSaved(environment with
            {
                Specification = environment.Specification with { ComputeResources = resources with { DesiredvCpus = fleet.Vcpus } },
            }));
        }
    }
}
