namespace BatchEmulator.Core.Instances;

/// <summary>Purchase option of an instance.</summary>
public enum Purchase
{
    /// <summary>On-Demand.</summary>
    OnDemand,

    /// <summary>Spot: cheaper, and taken back at any time.</summary>
    Spot,
}

/// <summary>Names of the ways to buy instances.</summary>
public static class PurchaseWords
{
    public static string Wire(this Purchase purchase) => purchase == Purchase.Spot ? "SPOT" : "ON_DEMAND";
}
