using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Engine.Tables;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Keeps the ledger of costs: instances that come and go, and what jobs hold.</summary>
internal sealed class CostMeter(ResourceTables resources, TurnTime time, Prices prices) : IProjection
{
    private readonly CostLedger _ledger = new(prices);
    private readonly ResourceTable<ComputeEnvironment> _environments = resources.Of<ComputeEnvironment>();

    /// <summary>Returns the ledger, charged up to now.</summary>
    public CostLedger Settled()
    {
        _ledger.SettleTo(time.Elapsed);
        return _ledger;
    }

    public void Follow(Resource? before, Resource? resource)
    {
        switch ((before, resource))
        {
            case (null, Instance launched):
                _ledger.Launch(launched, time.Elapsed);
                break;
            case (Instance gone, null):
                _ledger.Terminate(gone, time.Elapsed);
                break;
        }
    }

    /// <summary>Takes in that a job is placed, or gives up its place. Service jobs hold nothing that has a price here.</summary>
    public void Hold(Job job, CurrentAttempt attempt, int sign)
    {
        if (job.IsService)
        {
            return;
        }

        if (sign > 0)
        {
            _ledger.Hold(job, attempt, _environments.GetValueOrDefault(attempt.ComputeEnvironmentArn), time.Elapsed);
        }
        else
        {
            _ledger.Release(job, time.Elapsed);
        }
    }

    /// <summary>Counts an instance that is reclaimed or lost.</summary>
    public void Interrupt(Instance instance) => _ledger.Interrupt(instance);

    public void Clear() => _ledger.Clear();
}
