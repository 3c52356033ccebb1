using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Fleets;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Changes of fleets that a scheduling pass tries. It undoes them all in the end: what is to remain is in the plan, and reaches the fleets
/// when that is carried out.
/// </summary>
internal sealed class FleetTrial(SchedulingSnapshot snapshot)
{
    private readonly List<Action> _undo = [];
    private readonly List<Instance> _launches = [];
    private readonly List<Instance> _taken = [];

    /// <summary>Instances that are launched so far.</summary>
    public IReadOnlyList<Instance> Launches => _launches;

    /// <summary>Instances of which something is taken so far, in order.</summary>
    public IReadOnlyList<Instance> Taken => _taken;

    /// <summary>Number of changes so far, to which <see cref="UndoTo"/> returns.</summary>
    public int Mark => _undo.Count;

    public void Take(Fleet fleet, FleetInstance instance, ResourceAmounts amounts)
    {
        fleet.Take(instance, amounts);
        _taken.Add(instance.Instance);
        _undo.Add(() =>
        {
            fleet.Take(instance, default(ResourceAmounts) - amounts);
            _taken.RemoveAt(_taken.Count - 1);
        });
    }

    /// <summary>Launches an instance, which can run jobs after the time that it takes to appear.</summary>
    public FleetInstance Launch(ComputeEnvironment environment, Fleet fleet, InstanceType type)
    {
        var isPending = snapshot.ScaleUpDelay > TimeSpan.Zero;
        var sequence = snapshot.NextSequence + _launches.Count;
        var arn = Arn.ContainerInstance(environment.Scope, environment.ClusterName, snapshot.NewInstanceId());
        var purchase = environment.Purchase;
        var instance = new Instance
        {
            Arn = arn,
            Scope = environment.Scope,
            Name = Instance.IdOf(arn),
            Sequence = sequence,
            ComputeEnvironmentArn = environment.Arn,
            Type = type.Name,
            Purchase = purchase,
            Status = isPending ? InstanceStatus.Pending : InstanceStatus.Running,
            LaunchedAt = snapshot.Now,
            SettlesAt = isPending ? snapshot.Now + snapshot.ScaleUpDelay : null,
            NoticeAt = purchase == Purchase.Spot ? Hazard.Draw(snapshot.Market, type.Name, sequence, snapshot.Now) : null,
        };
        _launches.Add(instance);
        fleet.Set(instance);
        _undo.Add(() =>
        {
            fleet.Remove(instance.Arn);
            _launches.RemoveAt(_launches.Count - 1);
        });
        return fleet.Find(arn)!;
    }

    /// <summary>Undoes the changes since a mark.</summary>
    public void UndoTo(int mark)
    {
        for (var last = _undo.Count - 1; last >= mark; last--)
        {
            _undo[last]();
        }

        _undo.RemoveRange(mark, _undo.Count - mark);
    }
}
