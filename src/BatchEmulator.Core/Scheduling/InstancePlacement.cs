using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Allocation;
using BatchEmulator.Core.Scheduling.Fleets;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Finds the instances of a managed EC2 or Spot environment on which a job is to run (User Guide, "Compute environments" and "Instance type
/// allocation strategies for AWS Batch"):
/// <list type="number">
/// <item>The most filled running instance that has room.</item>
/// <item>Otherwise one that is being launched and has room: the job waits for it.</item>
/// <item>Otherwise a new one of the type that the environment's allocation strategy prefers, as long as maxvCpus permits.</item>
/// <item>A node of a multi-node parallel job has an instance to itself; all nodes are placed together or not at all.</item>
/// </list>
/// </summary>
internal sealed class InstancePlacement(SchedulingSnapshot snapshot, FleetTrial trial)
{
    /// <summary>Requests that an environment has refused in this pass: it has no more room later on.</summary>
    private readonly Dictionary<Request, EnvironmentRefusal> _refused = [];

    private readonly Dictionary<Request, IReadOnlyList<Candidates>?> _candidates = [];

    /// <summary>Finds instances and takes their room.</summary>
    /// <param name="environment">An environment that accepts jobs.</param>
    /// <param name="job">The job.</param>
    /// <param name="allowed">Instance types of the environment.</param>
    /// <param name="wantedMilliVcpus">What the waiting jobs of the queue want.</param>
    public EnvironmentAnswer Ask(ComputeEnvironment environment, Job job, IReadOnlyList<InstanceType> allowed, double wantedMilliVcpus)
    {
        var request = new Request(environment.Arn, job.Needs, job.IsMultiNode ? job.Specification : null);
        if (_refused.TryGetValue(request, out var known))
        {
            return new(known, []);
        }

        if (!_candidates.TryGetValue(request, out var candidates))
        {
            _candidates[request] = candidates = Candidates.Of(job, allowed);
        }

        var answer = candidates is not null
            ? Find(Wish.Of(environment, job.IsMultiNode, wantedMilliVcpus / 1000), candidates)
            : new EnvironmentAnswer(new(environment.Arn, Refusal.FitsNoInstanceType), []);
        if (answer.Refusal is { Reason: not Refusal.AwaitsInstance } refusal)
        {
            _refused[request] = refusal;
        }

        return answer;
    }

    /// <summary>Launches what an environment must have even without jobs: its minvCpus, or the desiredvCpus that its owner has set.</summary>
    public void LaunchMinimum(ComputeEnvironment environment, IReadOnlyList<InstanceType> allowed)
    {
        var fleet = snapshot.FleetOf(environment.Arn);
        var resources = environment.Specification.ComputeResources!;
        var target = Math.Max(resources.MinvCpus ?? 0, resources.DesiredvCpus ?? 0);
        while (fleet.Vcpus < target)
        {
            var wish = Wish.Of(environment, isMultiNode: false, target - fleet.Vcpus);
            if (Launch(wish, fleet, allowed) is (null, _))
            {
                return;
            }
        }
    }

    private EnvironmentAnswer Find(Wish wish, IReadOnlyList<Candidates> candidates)
    {
        var fleet = snapshot.FleetOf(wish.Environment.Arn);
        var mark = trial.Mark;
        var found = new List<FleetInstance>(candidates.Count);
        foreach (var (amounts, types) in candidates)
        {
            var instance = fleet.FindRoom(amounts, types, isPending: false, wish.IsMultiNode)
                ?? fleet.FindRoom(amounts, types, isPending: true, wish.IsMultiNode);
            if (instance is null)
            {
                (instance, var lacking) = Launch(
                    wish.IsMultiNode ? wish with { Vcpus = amounts.MilliVcpus / 1000.0 } : wish, fleet, types);
                if (instance is null)
                {
                    trial.UndoTo(mark);
                    return new(WhyNot(wish, candidates, lacking), []);
                }
            }

            trial.Take(fleet, instance, wish.IsMultiNode ? instance.Type.ForJobs : amounts);
            found.Add(instance);
        }

        var last = found.MaxBy(instance => instance.Instance.SettlesAt ?? DateTimeOffset.MinValue)!;
        return new(
            last.Instance.SettlesAt is { } readyAt
                ? new(wish.Environment.Arn, Refusal.AwaitsInstance, last.Type.Name, readyAt)
                : null,
            [.. found.Select(instance => instance.Instance.Arn)]);
    }

    /// <returns>The instance; if there is none, the type that EC2 does not have, or null if maxvCpus does not permit another.</returns>
    private (FleetInstance? Instance, InstanceType? Lacking) Launch(Wish wish, Fleet fleet, IEnumerable<InstanceType> types)
    {
        if (fleet.Count >= Fleet.MaximumInstances)
        {
            return (null, null);
        }

        var environment = wish.Environment;
        var maximum = environment.MaximumMilliVcpus / 1000;
        var room = maximum - fleet.Vcpus;
        InstanceType? lacking = null;
        InstanceType? smallest = null;
        foreach (var type in Preferred(wish, types, Math.Min(wish.Vcpus, room)))
        {
            if (!snapshot.Market.Has(type, environment.Purchase, snapshot.Now))
            {
                lacking ??= type;
            }
            else if (type.Vcpus <= room)
            {
                return (trial.Launch(environment, fleet, type), null);
            }
            else if (smallest is null || type.Vcpus < smallest.Vcpus)
            {
                smallest = type;
            }
        }

        return smallest is not null && wish.Strategy.MayExceedMaximum && room > 0
            ? (trial.Launch(environment, fleet, smallest), null)
            : (null, smallest is null ? lacking : null);
    }

    private IEnumerable<InstanceType> Preferred(Wish wish, IEnumerable<InstanceType> types, double wantedVcpus)
    {
        var environment = wish.Environment;
        var names = environment.Specification.ComputeResources!.InstanceTypes!;
        var sorted = wish.Strategy.Sort(types, new(names, wantedVcpus, snapshot.Market.HazardOf));

        // A multi-node parallel job has the best type and no other (User Guide, "Instance type allocation strategies for AWS Batch").
        return wish.Strategy.TakesOthers && !wish.IsMultiNode ? sorted : sorted.Take(1);
    }

    private EnvironmentRefusal WhyNot(Wish wish, IReadOnlyList<Candidates> candidates, InstanceType? lacking) =>
        !CanEverHold(wish, candidates) ? new(wish.Environment.Arn, Refusal.ExceedsMaximum)
        : lacking is not null ? new(wish.Environment.Arn, Refusal.NoInstanceCapacity, lacking.Name)
        : new(wish.Environment.Arn, Refusal.NoRoom);

    /// <summary>Returns true if the environment could hold a job that had it to itself.</summary>
    private bool CanEverHold(Wish wish, IReadOnlyList<Candidates> candidates)
    {
        var environment = wish.Environment;
        long total = 0;
        long last = 0;
        foreach (var group in candidates.GroupBy(candidate => candidate, ReferenceEqualityComparer.Instance))
        {
            var types = group.First().Types;
            last = wish.Strategy.TakesOthers ? types.Min(type => type.Vcpus) : Preferred(wish, types, 0).First().Vcpus;
            total += last * group.Count();
        }

        var maximum = environment.MaximumMilliVcpus / 1000;
        return wish.Strategy.MayExceedMaximum ? total - last < maximum : total <= maximum;
    }

    /// <param name="Environment">The environment.</param>
    /// <param name="Strategy">Its allocation strategy.</param>
    /// <param name="IsMultiNode">True for a multi-node parallel job.</param>
    /// <param name="Vcpus">What the waiting jobs want.</param>
    private sealed record Wish(ComputeEnvironment Environment, AllocationStrategy Strategy, bool IsMultiNode, double Vcpus)
    {
        public static Wish Of(ComputeEnvironment environment, bool isMultiNode, double vcpus) =>
            new(environment, AllocationMap.Find(environment.Specification.ComputeResources!.AllocationStrategy), isMultiNode, vcpus);
    }

    /// <param name="EnvironmentArn">ARN of the environment.</param>
    /// <param name="Needs">Needed amounts.</param>
    /// <param name="MultiNode">Specification of a multi-node parallel job, whose nodes may differ.</param>
    private readonly record struct Request(string EnvironmentArn, ResourceAmounts Needs, JobSpecification? MultiNode)
    {
        public bool Equals(Request other) =>
            EnvironmentArn == other.EnvironmentArn && Needs == other.Needs && ReferenceEquals(MultiNode, other.MultiNode);

        public override int GetHashCode() => HashCode.Combine(EnvironmentArn, Needs);
    }
}

/// <summary>Answer of an environment to a job.</summary>
/// <param name="Refusal">Reason for which it does not hold the job now; null if it does.</param>
/// <param name="Instances">ARN of the instance for the job, or for each of its nodes by index; empty if it has no instances.</param>
internal readonly record struct EnvironmentAnswer(EnvironmentRefusal? Refusal, IReadOnlyList<string> Instances);
