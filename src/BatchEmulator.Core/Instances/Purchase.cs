namespace BatchEmulator.Core.Instances;

/// <summary>How an instance was bought.</summary>
public enum Purchase
{
    /// <summary>On-Demand.</summary>
    OnDemand,

    /// <summary>Spot: cheaper, and taken back at any time.</summary>
    Spot,
}
